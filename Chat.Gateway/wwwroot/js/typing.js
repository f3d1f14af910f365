const APART_MS = 3_000;
const RESTS_AFTER_MS = 5_000;

// What this tab says of its own typing: that it goes on at most once in APART_MS, that it ended once. A sent message
// says the latter by itself. What is not heard is let go: a typing state ends by itself.
export class Typing {
  #connection;
  #toldIn = null;
  #toldAt = -Infinity;
  #due = null;
  #rest = null;

  constructor(connection) {
    this.#connection = connection;
  }

  write(conversationId) {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.stop(), RESTS_AFTER_MS);
    const dueMs = this.#toldAt + APART_MS - performance.now();
    if (dueMs <= 0) {
      this.#tell(conversationId);
    } else if (this.#toldIn === null) {
      this.#due ??= setTimeout(() => this.#tell(conversationId), dueMs);
    }
  }

  stop() {
    const conversationId = this.#toldIn;
    this.send();
    if (conversationId !== null) {
      this.#say(conversationId, false);
    }
  }

  // A message goes out: nothing else has to be said.
  send() {
    clearTimeout(this.#rest);
    clearTimeout(this.#due);
    this.#due = this.#toldIn = null;
  }

  #tell(conversationId) {
    clearTimeout(this.#due);
    this.#due = null;
    this.#toldIn = conversationId;
    this.#toldAt = performance.now();
    this.#say(conversationId, true);
  }

  async #say(conversationId, typing) {
    try {
      await this.#connection.call("SetTyping", { conversationId, typing });
    } catch (error) {
      console.info("Chat: typing was not told", error.code ?? error.name);
    }
  }
}
