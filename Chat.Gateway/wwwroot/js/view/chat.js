import { changeAt, isChange, wordsForChange } from "../changes.js";
import { wordsFor } from "../errors.js";
import { wordsOf } from "../timeline.js";
import { offerActions } from "./actions.js";
import { byId, drawKeyed, setText } from "./dom.js";
import { createMessage, keyOf, updateMessage } from "./message.js";
import { followQuotes } from "./quote.js";

const SCREENFUL = 20;

// The open conversation. Event "change" when another one is opened.
export class ChatView extends EventTarget {
  #conversations;
  #outbox;
  #people;
  #sentences;
  #composer;
  #userId;
  // What the log showed when it was drawn last, by seq.
  #lines = new Map();
  // While the newest message is in view it stays there, whatever comes below or takes room above.
  #isAtEnd = true;
  conversation = null;

  constructor({ conversations, outbox, people, sentences, composer, userId }) {
    super();
    this.#conversations = conversations;
    this.#outbox = outbox;
    this.#people = people;
    this.#sentences = sentences;
    this.#composer = composer;
    this.#userId = userId;
    byId("messages").addEventListener("click", ({ target }) => this.#actOnFailed(target.dataset));
    offerActions(byId("messages"), (seq) => this.#optionsAt(seq), (...deed) => this.#act(...deed));
    followQuotes(byId("messages"));
    byId("earlier").addEventListener("click", () => this.#loadEarlier());
    const log = byId("log");
    log.addEventListener("scroll", () => {
      this.#isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    });
    new ResizeObserver(() => this.#stayAtEnd()).observe(log);
  }

  open(conversation) {
    this.conversation = conversation;
    byId("no-chat").hidden = true;
    byId("open").hidden = false;
    byId("messages").replaceChildren();
    this.#isAtEnd = true;
    byId("compose").hidden = !conversation.maySend;
    this.#composer.open(conversation);
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
    const waiting = this.#outbox.of(conversation.id);
    this.#lines = new Map(conversation.timeline.map((line) => [line.seq, line]));
    const lines = [
      ...[...this.#lines.values()].map((line) => this.#shown(line, changeAt(line.seq, waiting))),
      ...waiting.filter((item) => !isChange(item)).map((item) => this.#waiting(item)),
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

  #optionsAt(seq) {
    const { conversation } = this;
    const line = this.#lines.get(seq);
    const waiting = this.#outbox.changeOf(conversation.id, seq, "reaction");
    return {
      reaction: waiting && !waiting.failure ? waiting.content.emoji : line.reactions.get(this.#userId),
      mayReply: conversation.mayReplyTo(line),
      mayEdit: conversation.mayEdit(line),
      mayDelete: conversation.mayDelete(line),
    };
  }

  #act(deed, seq, emoji) {
    switch (deed) {
      case "react":
        this.#outbox.add(this.conversation.id, { kind: "reaction", targetSeq: seq, emoji: emoji || undefined });
        break;
      case "reply":
        this.#composer.reply(this.#quoteOf(seq));
        break;
      case "edit":
        this.#composer.edit(this.#lines.get(seq));
        break;
      case "delete":
        this.#outbox.add(this.conversation.id, { kind: "delete", targetSeq: seq });
        this.#composer.focus();
        break;
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
    this.#composer.focus();
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

  #shown(line, change) {
    const isOwn = line.senderId === this.#userId;
    const isNamed = this.conversation.isGroup && !isOwn && line.kind !== "system";
    return {
      ...line,
      isOwn,
      sender: isNamed ? this.#people.nameOf(line.senderId) : "",
      text: wordsOf(line, this.#sentences),
      quote: line.replyTo && this.#quoteOf(line.replyTo),
      status: isOwn && line.kind !== "system" ? this.conversation.statusOf(line.seq) : "",
      hasActions: this.conversation.mayReactTo(line),
      pending: change && !change.failure ? wordsForChange(change) : "",
      failure: failureOf(change),
    };
  }

  #quoteOf(seq) {
    const line = this.#lines.get(seq);
    if (!line) {
      return { seq, isShown: false, isOwn: false, sender: "", text: "An earlier message" };
    }
    const isOwn = line.senderId === this.#userId;
    const sender = isOwn ? "You" : this.#people.nameOf(line.senderId);
    return { seq, isShown: true, isOwn, sender, text: wordsOf(line, this.#sentences) };
  }

  #waiting(item) {
    const { clientMessageId, content, writtenAt, failure } = item;
    return { clientMessageId, senderId: this.#userId, isOwn: true, sender: "", sentAt: writtenAt, kind: "text",
      quote: content.replyTo && this.#quoteOf(content.replyTo), text: content.text, reactions: new Map(),
      status: failure ? "failed" : "sending", hasActions: false, pending: "", failure: failureOf(item) };
  }
}

function failureOf(item) {
  return item?.failure && { words: item.failure, clientMessageId: item.clientMessageId };
}
