import { wordsFor } from "../errors.js";
import { timelineOf, wordsOf } from "../timeline.js";
import { byId, drawKeyed, setText } from "./dom.js";
import { createMessage, keyOf, updateMessage } from "./message.js";

const SCREENFUL = 20;

// The open conversation. Event "change" when another one is opened.
export class ChatView extends EventTarget {
  #conversations;
  #outbox;
  #people;
  #sentences;
  #typing;
  #userId;
  // What was begun and not sent, by conversation id.
  #drafts = new Map();
  // While the newest message is in view it stays there, whatever comes below or takes room above.
  #isAtEnd = true;
  conversation = null;

  constructor({ conversations, outbox, people, sentences, typing, userId }) {
    super();
    this.#conversations = conversations;
    this.#outbox = outbox;
    this.#people = people;
    this.#sentences = sentences;
    this.#typing = typing;
    this.#userId = userId;
    byId("compose").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    byId("text").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#send();
      }
    });
    byId("text").addEventListener("input", () => this.#write());
    byId("messages").addEventListener("click", ({ target }) => this.#actOnFailed(target.dataset));
    byId("earlier").addEventListener("click", () => this.#loadEarlier());
    const log = byId("log");
    log.addEventListener("scroll", () => {
      this.#isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    });
    new ResizeObserver(() => this.#stayAtEnd()).observe(log);
  }

  open(conversation) {
    this.#typing.stop();
    this.#swapDrafts(conversation);
    this.conversation = conversation;
    byId("no-chat").hidden = true;
    byId("open").hidden = false;
    byId("messages").replaceChildren();
    this.#isAtEnd = true;
    byId("text").focus();
    if (conversation.hasEarlier && conversation.to - conversation.from < SCREENFUL) {
      this.#loadEarlier();
    }
    this.dispatchEvent(new CustomEvent("change"));
  }

  draw() {
    const { conversation } = this;
    if (!conversation) {
      return;
    }
    if (document.visibilityState === "visible") {
      this.#conversations.markRead(conversation);
    }
    byId("earlier").hidden = !conversation.hasEarlier;
    byId("compose").hidden = !conversation.maySend;
    const lines = [
      ...timelineOf(conversation).map((line) => this.#shown(line)),
      ...this.#outbox.of(conversation.id).map((item) => this.#waiting(item)),
    ];
    byId("no-messages").hidden = lines.length > 0 || conversation.hasEarlier || conversation.isBehind;
    drawKeyed(byId("messages"), lines, keyOf, createMessage, updateMessage);
    this.#stayAtEnd();
  }

  #stayAtEnd() {
    if (this.#isAtEnd) {
      byId("log").scrollTop = byId("log").scrollHeight;
    }
  }

  #swapDrafts(opened) {
    const text = byId("text");
    if (this.conversation) {
      this.#drafts.set(this.conversation.id, text.value);
    }
    text.value = this.#drafts.get(opened.id) ?? "";
  }

  #send() {
    const text = byId("text").value.trim();
    if (text && this.conversation) {
      byId("text").value = "";
      this.#typing.send();
      this.#outbox.add(this.conversation.id, text);
    }
  }

  #write() {
    if (byId("text").value.trim()) {
      this.#typing.write(this.conversation.id);
    } else {
      this.#typing.stop();
    }
  }

  #actOnFailed({ action, clientMessageId }) {
    if (action === "send-again") {
      this.#outbox.sendAgain(clientMessageId);
    } else if (action === "discard") {
      this.#outbox.discard(clientMessageId);
    } else {
      return;
    }
    // The button goes; the hand at the keyboard stays in this chat.
    byId("text").focus();
  }

  async #loadEarlier() {
    byId("earlier").disabled = true;
    try {
      await this.#conversations.loadEarlier(this.conversation);
    } catch (error) {
      setText(byId("open-chat-error"), wordsFor(error));
    } finally {
      byId("earlier").disabled = false;
    }
  }

  #shown(line) {
    const isOwn = line.senderId === this.#userId;
    const isNamed = this.conversation.isGroup && !isOwn && line.kind !== "system";
    return {
      ...line,
      isOwn,
      sender: isNamed ? this.#people.nameOf(line.senderId) : "",
      text: wordsOf(line, this.#sentences),
      status: isOwn && line.kind !== "system" ? this.conversation.statusOf(line.seq) : "",
    };
  }

  #waiting({ clientMessageId, content, writtenAt, failure }) {
    return { clientMessageId, senderId: this.#userId, isOwn: true, sender: "", sentAt: writtenAt, kind: "text",
      text: content.text, reactions: new Map(), status: failure ? "failed" : "sending", failure };
  }
}
