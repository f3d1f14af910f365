import { wordsFor } from "../errors.js";
import { byId, setText } from "./dom.js";

// Blocks and unblocks the peer of the open chat. The server does not tell whom one has blocked, so both are offered
// always: each may be given again.
export class BlockingView {
  #connection;
  #peerId = null;

  constructor(connection) {
    this.#connection = connection;
    byId("block").addEventListener("click", () => this.#ask("Block", "Blocked."));
    byId("unblock").addEventListener("click", () => this.#ask("Unblock", "Not blocked."));
  }

  open({ peerId }) {
    this.#peerId = peerId;
    byId("blocking").hidden = peerId === null;
    byId("blocking").open = false;
    setText(byId("blocking-result"), "");
  }

  async #ask(method, done) {
    const userId = this.#peerId;
    let result = done;
    try {
      await this.#connection.call(method, { userId });
    } catch (error) {
      result = wordsFor(error);
    }
    if (userId === this.#peerId) {
      setText(byId("blocking-result"), result);
    }
  }
}
