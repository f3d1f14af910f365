import { byId, hasKeyboard, setText } from "./dom.js";

// What is being written in the open chat: a message, an answer to one, or another text for one of one's own. Each chat
// keeps what was begun in it; changing a text sets that aside and gives it back afterwards. Event "said" with each
// message that goes out.
export class Composer extends EventTarget {
  #outbox;
  #typing;
  #conversation = null;
  #drafts = new Map();
  // What is answered, as { seq, isOwn, sender, text }.
  #reply = null;
  // What is changed, as { seq, text, isSaved, draft }.
  #edit = null;

  constructor({ outbox, typing }) {
    super();
    this.#outbox = outbox;
    this.#typing = typing;
    byId("compose").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    byId("compose").addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) {
        this.#cancel();
      }
    });
    byId("text").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#submit();
      }
    });
    byId("text").addEventListener("input", () => this.#tellTyping());
    byId("cancel").addEventListener("click", () => this.#cancel());
  }

  open(conversation) {
    this.#typing.stop();
    if (this.#conversation) {
      this.#drafts.set(this.#conversation.id,
        { text: byId("text").value, reply: this.#reply, edit: this.#edit });
    }
    const { text = "", reply = null, edit = null } = this.#drafts.get(conversation.id) ?? {};
    this.#conversation = conversation;
    byId("text").value = text;
    this.#turnTo(reply, edit);
    this.focus();
  }

  reply(quote) {
    this.#endEdit();
    this.#turnTo(quote, null);
    byId("text").focus();
  }

  // A change that the server does not have yet, or refused, is where the next one begins.
  edit({ seq, text }) {
    this.#endEdit();
    this.#typing.stop();
    const waiting = this.#outbox.changeOf(this.#conversation.id, seq, "edit");
    const edit = { seq, text: waiting?.content.text ?? text, isSaved: !waiting, draft: byId("text").value };
    byId("text").value = edit.text;
    this.#turnTo(this.#reply, edit);
    byId("text").focus();
  }

  // For a hand that comes to this chat, or stays in it.
  focus() {
    byId(!byId("compose").hidden && hasKeyboard() ? "text" : "log").focus();
  }

  #cancel() {
    if (this.#edit) {
      this.#endEdit();
    } else if (this.#reply) {
      this.#turnTo(null, null);
    } else {
      return;
    }
    byId("text").focus();
  }

  #endEdit() {
    if (this.#edit) {
      byId("text").value = this.#edit.draft;
      this.#turnTo(this.#reply, null);
    }
  }

  #submit() {
    const text = byId("text").value.trim();
    if (text && this.#conversation) {
      if (this.#edit) {
        this.#save(text);
      } else {
        this.#say(text);
      }
      byId("text").focus();
    }
  }

  #say(text) {
    const content = { kind: "text", text, replyTo: this.#reply?.seq };
    byId("text").value = "";
    this.#turnTo(null, null);
    this.#typing.send();
    this.#outbox.add(this.#conversation.id, content);
    this.dispatchEvent(new CustomEvent("said"));
  }

  #save(text) {
    const { seq, text: before, isSaved } = this.#edit;
    this.#endEdit();
    if (!isSaved || text !== before.trim()) {
      this.#outbox.add(this.#conversation.id, { kind: "edit", targetSeq: seq, text });
    }
  }

  #tellTyping() {
    if (byId("text").value.trim() && !this.#edit) {
      this.#typing.write(this.#conversation.id);
    } else {
      this.#typing.stop();
    }
  }

  #turnTo(reply, edit) {
    this.#reply = reply;
    this.#edit = edit;
    const subject = edit ?? reply;
    byId("subject").hidden = !subject;
    setText(byId("subject-name"), edit ? "Edit message" : wordsForReply(reply));
    setText(byId("subject-text"), subject?.text ?? "");
    setText(byId("send"), edit ? "Save" : "Send");
  }
}

// Hidden words still describe the text to whoever can't see it: where there is no subject there are none.
function wordsForReply(reply) {
  if (!reply) {
    return "";
  }
  return reply.isOwn ? "Reply to yourself" : `Reply to ${reply.sender}`;
}
