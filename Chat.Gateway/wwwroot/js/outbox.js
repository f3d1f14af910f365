import { ChatError, wordsFor } from "./errors.js";
import { uuidV7 } from "./uuid.js";

const RETRY_MS = 1_000;
// The contract: a hub message may have 128 KiB. A gateway closes the connection on a much longer one, which looks like
// a lost connection and would be sent again for ever.
const CONTENT_BYTES_MAX = 131_072;

// Texts, and changes of earlier ones, that the server has not acknowledged yet. Each keeps its clientMessageId for
// life, so sending it again after a lost answer, a reconnect or a reload of the page records it once. Per conversation
// one send is under way: the order of typing is the order of the log, retries included.
//
// Events: "sent" with the message as the log has it, "change" after anything that shows.
export class Outbox extends EventTarget {
  #connection;
  #userId;
  #storageKey;
  #pending;
  #sending = new Set();

  constructor(connection, userId) {
    super();
    this.#connection = connection;
    this.#userId = userId;
    this.#storageKey = `chat.outbox.${userId}`;
    this.#pending = JSON.parse(sessionStorage.getItem(this.#storageKey) ?? "[]");
    connection.addEventListener("state", (event) => event.detail === "connected" && this.#sendAll());
  }

  of(conversationId) {
    return this.#pending.filter((item) => item.conversationId === conversationId);
  }

  // The last change of that kind to an entry, under way or refused.
  changeOf(conversationId, targetSeq, kind) {
    return this.of(conversationId).findLast(({ content }) =>
      content.targetSeq === targetSeq && content.kind === kind);
  }

  // A refused change is let go for a later one of its kind: sent again after that, it would undo it.
  add(conversationId, content) {
    if (content.targetSeq) {
      this.#pending = this.#pending.filter((item) => !(item.failure && item.conversationId === conversationId
        && item.content.targetSeq === content.targetSeq && item.content.kind === content.kind));
    }
    this.#pending.push({
      conversationId,
      clientMessageId: uuidV7(),
      content,
      writtenAt: new Date().toISOString(),
    });
    this.#changed();
    this.#send(conversationId);
  }

  // Of what was refused for good: a refused call changed nothing, so it may go again under its id.
  sendAgain(clientMessageId) {
    const item = this.#failed(clientMessageId);
    if (item) {
      delete item.failure;
      this.#changed();
      this.#send(item.conversationId);
    }
  }

  discard(clientMessageId) {
    const item = this.#failed(clientMessageId);
    if (item) {
      this.#remove(item.conversationId, clientMessageId);
    }
  }

  // The log already has it: the answer was lost, and Resume told instead.
  settle(message) {
    const { conversationId, clientMessageId, senderId } = message;
    if (senderId === this.#userId && this.of(conversationId).some((item) => item.clientMessageId === clientMessageId)) {
      this.#remove(conversationId, clientMessageId);
    }
  }

  #sendAll() {
    new Set(this.#pending.map((item) => item.conversationId)).forEach((id) => this.#send(id));
  }

  async #send(conversationId) {
    if (this.#sending.has(conversationId)) {
      return;
    }
    this.#sending.add(conversationId);
    let pauseMs = null;
    try {
      for (let item = this.#next(conversationId); item && pauseMs === null; item = this.#next(conversationId)) {
        pauseMs = await this.#sendOne(item);
      }
    } finally {
      this.#sending.delete(conversationId);
    }
    if (pauseMs > 0) {
      setTimeout(() => this.#send(conversationId), pauseMs);
    }
  }

  // Null: go on. A number: not accepted now, again after that long; 0: as soon as there is a connection.
  async #sendOne({ conversationId, clientMessageId, content }) {
    try {
      refuseTooLarge(content);
      const { seq, messageId, sentAt } =
        await this.#connection.call("Send", { conversationId, clientMessageId, content });
      this.#remove(conversationId, clientMessageId);
      const message = { conversationId, seq, messageId, clientMessageId, senderId: this.#userId, sentAt, content };
      this.dispatchEvent(new CustomEvent("sent", { detail: message }));
      return null;
    } catch (error) {
      if (!(error instanceof ChatError)) {
        return 0;
      }
      if (error.retryable) {
        return error.retryAfterMs ?? RETRY_MS;
      }
      this.#fail(clientMessageId, error);
      return null;
    }
  }

  #next(conversationId) {
    return this.#pending.find((item) => item.conversationId === conversationId && !item.failure);
  }

  #failed(clientMessageId) {
    return this.#pending.find((item) => item.clientMessageId === clientMessageId && item.failure);
  }

  #fail(clientMessageId, error) {
    const item = this.#pending.find((candidate) => candidate.clientMessageId === clientMessageId);
    if (item) {
      item.failure = wordsFor(error);
    }
    this.#changed();
  }

  #remove(conversationId, clientMessageId) {
    this.#pending = this.#pending.filter((item) =>
      item.conversationId !== conversationId || item.clientMessageId !== clientMessageId);
    this.#changed();
  }

  #changed() {
    try {
      sessionStorage.setItem(this.#storageKey, JSON.stringify(this.#pending));
    } catch (full) {
      // Until there is room again, a reload of the page loses what was added since; nothing is recorded twice.
      console.info("Chat: the outbox was not stored", full.name);
    }
    this.dispatchEvent(new CustomEvent("change"));
  }
}

function refuseTooLarge(content) {
  if (new TextEncoder().encode(JSON.stringify(content)).length > CONTENT_BYTES_MAX) {
    throw new ChatError({ code: "content_too_large" });
  }
}
