import { ChatError } from "./errors.js";

const RETRY_MS = 1_000;

// The watermarks that this tab has reached. One call per conversation is under way; what rises meanwhile travels in
// the next one. After each connect all are marked again: that is idempotent, and heals what a dying gateway lost.
export class Marks {
  #connection;
  #reached = new Map();

  constructor(connection) {
    this.#connection = connection;
  }

  delivered(conversationId, seq) {
    this.#raise(conversationId, "MarkDelivered", seq);
  }

  read(conversationId, seq) {
    this.#raise(conversationId, "MarkRead", seq);
  }

  sendAgain() {
    for (const marks of this.#reached.values()) {
      marks.sent = {};
      this.#send(marks);
    }
  }

  #raise(conversationId, method, seq) {
    const marks = this.#reached.get(conversationId) ?? { conversationId, wanted: {}, sent: {}, isSending: false };
    this.#reached.set(conversationId, marks);
    marks.wanted[method] = Math.max(seq, marks.wanted[method] ?? 0);
    this.#send(marks);
  }

  async #send(marks) {
    if (marks.isSending) {
      return;
    }
    marks.isSending = true;
    try {
      for (let method = nextOf(marks); method; method = nextOf(marks)) {
        const seq = marks.wanted[method];
        await this.#connection.call(method, { conversationId: marks.conversationId, seq });
        marks.sent[method] = seq;
      }
    } catch (error) {
      // Lost with the connection: sendAgain repairs it. Refused for now: once more after the pause asked for.
      if (error instanceof ChatError && error.retryable) {
        setTimeout(() => this.#send(marks), error.retryAfterMs ?? RETRY_MS);
      }
    } finally {
      marks.isSending = false;
    }
  }
}

function nextOf({ wanted, sent }) {
  const { MarkRead: read = 0, MarkDelivered: delivered = 0 } = sent;
  if ((wanted.MarkRead ?? 0) > read) {
    return "MarkRead";
  }
  // Read implies delivered.
  return (wanted.MarkDelivered ?? 0) > Math.max(delivered, read) ? "MarkDelivered" : null;
}
