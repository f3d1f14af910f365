// The server ends a typing state after that long too; here in case that its word is lost.
const ENDS_MS = 6_000;

// Who else is typing, by conversation. A message of theirs ends it, for the server does not say so. Event "change".
export class Typists extends EventTarget {
  #endings = new Map();

  constructor(connection) {
    super();
    connection.addEventListener("state", () => this.#endAll());
    connection.addEventListener("TypingChanged", ({ detail: { conversationId, userId, typing } }) =>
      typing ? this.#begin(conversationId, userId) : this.#end(conversationId, userId));
    connection.addEventListener("MessageAppended", ({ detail: { conversationId, senderId, content } }) => {
      if (content.kind === "text" || content.kind === "image") {
        this.#end(conversationId, senderId);
      }
    });
  }

  in(conversationId) {
    return [...this.#endings.get(conversationId)?.keys() ?? []];
  }

  #begin(conversationId, userId) {
    const endings = this.#endings.get(conversationId) ?? new Map();
    this.#endings.set(conversationId, endings);
    clearTimeout(endings.get(userId));
    endings.set(userId, setTimeout(() => this.#end(conversationId, userId), ENDS_MS));
    this.#changed();
  }

  #end(conversationId, userId) {
    const endings = this.#endings.get(conversationId);
    if (!endings?.has(userId)) {
      return;
    }
    clearTimeout(endings.get(userId));
    endings.delete(userId);
    if (endings.size === 0) {
      this.#endings.delete(conversationId);
    }
    this.#changed();
  }

  #endAll() {
    this.#endings.forEach((endings) => endings.forEach((ending) => clearTimeout(ending)));
    this.#endings.clear();
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"));
  }
}
