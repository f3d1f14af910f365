// Display names by user id, asked for once each; until the answer is here, an ellipsis. Event "change".
export class People extends EventTarget {
  #api;
  #names = new Map();

  constructor(api) {
    super();
    this.#api = api;
  }

  learn({ userId, username, displayName }) {
    this.#names.set(userId, displayName || username);
    this.dispatchEvent(new CustomEvent("change"));
  }

  nameOf(userId) {
    if (!this.#names.has(userId)) {
      this.#names.set(userId, "…");
      this.#ask(userId);
    }
    return this.#names.get(userId);
  }

  // Forgotten on failure, so that the next drawing asks again.
  async #ask(userId) {
    try {
      this.learn(await this.#api.user(userId));
    } catch (error) {
      console.info("Chat: no name for a user yet", error.code ?? error.name);
      this.#names.delete(userId);
    }
  }
}
