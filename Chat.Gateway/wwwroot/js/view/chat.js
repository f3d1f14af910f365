import { changeAt, isChange, wordsForChange } from "../changes.js";
import { wordsFor } from "../errors.js";
import { wordsOf } from "../timeline.js";
import { offerActions } from "./actions.js";
import { byId, drawKeyed, setText } from "./dom.js";
import { createMessage, keyOf, updateMessage } from "./message.js";
import { NarrowScreen } from "./narrow.js";
import { ReadingPlace } from "./place.js";
import { followQuotes } from "./quote.js";

const SCREENFUL = 20;
const FAR_BACK = "That message is far back. Choose it again to go on looking.";
const NOT_THERE = "That message is not there any more.";
const BEFORE_YOU = "A message from before you came";
const GONE = "A message that is not there any more";

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
  #place = new ReadingPlace(byId("log"), byId("messages"), () => this.#notePlace());
  #screen = new NarrowScreen(() => this.#enterAgain());
  // Conversations of which earlier messages are under way.
  #loading = new Set();
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
    followQuotes(byId("messages"), (seq) => this.#goTo(seq));
    byId("earlier").addEventListener("click", () => this.#loadEarlier());
    byId("newer").addEventListener("click", () => {
      this.#composer.focus();
      this.goToEnd();
    });
  }

  open(conversation) {
    if (this.conversation) {
      this.conversation.isReadBack = false;
    }
    this.conversation = conversation;
    setText(byId("chat-notice"), "");
    byId("no-chat").hidden = true;
    byId("open").hidden = false;
    this.#screen.open();
    byId("messages").replaceChildren();
    this.#place.goToEnd();
    byId("compose").hidden = !conversation.maySend;
    this.#composer.open(conversation);
    this.fillScreen();
    this.dispatchEvent(new CustomEvent("change"));
  }

  #enterAgain() {
    this.#composer.focus();
    this.draw();
  }

  goToEnd() {
    this.#place.goToEnd();
  }

  // On opening a chat, and again with each connection: what could not be had without one.
  fillScreen() {
    const { conversation } = this;
    if (conversation?.hasEarlier && conversation.to - conversation.from < SCREENFUL) {
      this.#loadEarlier();
    }
  }

  draw() {
    const { conversation } = this;
    if (!conversation) {
      return;
    }
    this.#place.noteScrolling();
    this.#noteRead();
    if (!conversation.hasEarlier && document.activeElement === byId("earlier")) {
      byId("log").focus({ preventScroll: true });
    }
    byId("earlier").hidden = !conversation.hasEarlier;
    setText(byId("earlier"), this.#loading.has(conversation) ? "Loading…" : "Earlier messages");
    byId("compose").hidden = !conversation.maySend;
    const waiting = this.#outbox.of(conversation.id);
    this.#lines = new Map(conversation.timeline.map((line) => [line.seq, line]));
    const lines = [
      ...[...this.#lines.values()].map((line) => this.#shown(line, changeAt(line.seq, waiting))),
      ...waiting.filter((item) => !isChange(item)).map((item) => this.#waiting(item)),
    ];
    byId("no-messages").hidden = lines.length > 0 || conversation.hasEarlier || conversation.isBehind;
    drawKeyed(byId("messages"), lines, keyOf, createMessage, updateMessage);
    this.#place.keep();
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

  #loadEarlier() {
    return this.#readBack("", (conversation) => this.#conversations.loadEarlier(conversation));
  }

  // Leads to a message, and where it is not held reads back to it.
  async #goTo(seq) {
    const { conversation } = this;
    if (!this.#lines.has(seq)) {
      await this.#readBack("Looking for that message…", async () => {
        const isFarBack = !await this.#conversations.loadBackTo(conversation, seq);
        return isFarBack ? FAR_BACK : "";
      });
    }
    if (conversation !== this.conversation) {
      return;
    }
    this.draw();
    if (this.#lines.has(seq)) {
      this.#place.goTo(byId("messages").querySelector(`[data-seq="${seq}"]`));
    } else if (conversation.from <= seq) {
      setText(byId("chat-notice"), NOT_THERE);
    }
  }

  // `load` answers what there is to say. Who has gone to another chat meanwhile is not told.
  async #readBack(words, load) {
    const { conversation } = this;
    if (this.#loading.has(conversation)) {
      return;
    }
    this.#loading.add(conversation);
    this.#notePlace();
    setText(byId("chat-notice"), words);
    let result;
    try {
      result = await load(conversation);
    } catch (error) {
      result = wordsFor(error);
    }
    this.#loading.delete(conversation);
    if (conversation === this.conversation) {
      setText(byId("chat-notice"), result ?? "");
      this.draw();
    }
  }

  #notePlace() {
    if (this.conversation) {
      this.conversation.isReadBack = this.#loading.has(this.conversation) || !this.#place.isAtEnd;
      this.#noteRead();
    }
  }

  // What comes below while one reads further up is not seen yet.
  #noteRead() {
    const { conversation } = this;
    const { isAtEnd } = this.#place;
    if (isAtEnd && document.visibilityState === "visible" && byId("open").checkVisibility()) {
      this.#conversations.markRead(conversation);
    }
    const { unread } = conversation;
    byId("newer").hidden = isAtEnd || unread === 0;
    setText(byId("newer"), `${unread} new ${unread === 1 ? "message" : "messages"} ↓`);
  }

  #shown(line, change) {
    const isOwn = line.senderId === this.#userId;
    return {
      ...line,
      isOwn,
      sender: line.kind === "system" ? "" : this.#senderOf(line),
      isNamed: this.conversation.isGroup && !isOwn,
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
      const { conversation } = this;
      const isToBeHad = seq >= conversation.firstSeq && seq < conversation.from && !conversation.isGone(seq);
      const reason = seq < conversation.firstSeq ? BEFORE_YOU : GONE;
      return { seq, isToBeHad, isOwn: false, sender: "", text: isToBeHad ? "An earlier message" : reason };
    }
    const isOwn = line.senderId === this.#userId;
    return { seq, isToBeHad: true, isOwn, sender: this.#senderOf(line), text: wordsOf(line, this.#sentences) };
  }

  #senderOf({ senderId }) {
    return senderId === this.#userId ? "You" : this.#people.nameOf(senderId);
  }

  #waiting(item) {
    const { clientMessageId, content, writtenAt, failure } = item;
    return { clientMessageId, senderId: this.#userId, isOwn: true, sender: "You", isNamed: false, sentAt: writtenAt,
      kind: "text", quote: content.replyTo && this.#quoteOf(content.replyTo), text: content.text,
      reactions: new Map(), status: failure ? "failed" : "sending", hasActions: false, pending: "",
      failure: failureOf(item) };
  }
}

function failureOf(item) {
  return item?.failure && { words: item.failure, clientMessageId: item.clientMessageId };
}
