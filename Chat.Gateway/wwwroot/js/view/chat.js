import { wordsFor } from "../errors.js";
import { timelineOf } from "../timeline.js";
import { byId, drawKeyed, element, setText } from "./dom.js";

const TICKS = { sending: "◷", sent: "✓", delivered: "✓✓", read: "✓✓", failed: "not sent" };
const SCREENFUL = 20;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

// The open conversation. Event "change" when another one is opened.
export class ChatView extends EventTarget {
  #conversations;
  #outbox;
  #typing;
  #userId;
  conversation = null;

  constructor({ conversations, outbox, typing, userId }) {
    super();
    this.#conversations = conversations;
    this.#outbox = outbox;
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
    byId("earlier").addEventListener("click", () => this.#loadEarlier());
  }

  open(conversation) {
    this.#typing.stop();
    this.conversation = conversation;
    byId("no-chat").hidden = true;
    byId("open").hidden = false;
    byId("messages").replaceChildren();
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
    const list = byId("messages");
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    const lines = [
      ...timelineOf(conversation).map((line) => ({ ...line, status: this.#statusOf(line) })),
      ...this.#outbox.of(conversation.id).map((item) => this.#lineOf(item)),
    ];
    drawKeyed(list, lines, keyOf, createMessage, (child, line) => this.#update(child, line));
    if (isAtEnd) {
      list.scrollTop = list.scrollHeight;
    }
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

  #statusOf(line) {
    return line.senderId === this.#userId ? this.conversation.statusOf(line.seq) : "";
  }

  #lineOf({ clientMessageId, content, writtenAt, failure }) {
    return { clientMessageId, senderId: this.#userId, sentAt: writtenAt, kind: "text", text: content.text,
      reactions: new Map(), status: failure ? "failed" : "sending", failure };
  }

  #update(item, line) {
    const isOwn = line.senderId === this.#userId;
    const [body, about] = item.children;
    const [reactions, edited, time, ticks] = about.children;
    item.classList.toggle("own", isOwn && line.kind !== "system");
    item.classList.toggle("system", line.kind === "system");
    item.classList.toggle("gone", line.kind === "deleted");
    item.dataset.seq = line.seq ?? "";
    item.dataset.status = line.status;
    setText(body, line.kind === "deleted" ? "This message was deleted" : line.text);
    setText(reactions, [...line.reactions.values()].join(" "));
    setText(edited, line.editedAt ? "edited" : "");
    time.dateTime = line.sentAt;
    setText(time, clock.format(new Date(line.sentAt)));
    setText(ticks, TICKS[line.status] ?? "");
    ticks.setAttribute("aria-label", line.status);
    ticks.title = line.failure ?? line.status;
  }
}

// An own message keeps its element when it gets its place in the log: the tick changes, nothing jumps.
function keyOf({ senderId, clientMessageId, seq }) {
  return clientMessageId ? `${senderId} ${clientMessageId}` : seq;
}

function createMessage() {
  const item = element("li", "message");
  const about = element("div", "about");
  about.append(element("span", "reactions"), element("span", "edited"), element("time", "time"),
    element("span", "ticks"));
  item.append(element("div", "body"), about);
  return item;
}
