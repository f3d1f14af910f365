import { ChatError } from "./errors.js";

const RETRY_MS = 1_000;

// Who of those watched is online, and when the others were last seen. Event "change".
//
// Invariants: one Watch or Unwatch is under way at a time, so that the newest wish is what the server ends with. A
// connection's watches end with it: nothing is known while it is away, and each new one watches again.
export class Presences extends EventTarget {
  #connection;
  #wanted = new Set();
  #watched = new Set();
  #known = new Map();
  // What was pushed of somebody while a Watch is under way: its answer may be older.
  #pushed = new Map();
  #isSettling = false;

  constructor(connection) {
    super();
    this.#connection = connection;
    connection.addEventListener("state", () => this.#beginAnew());
    connection.addEventListener("PresenceChanged", ({ detail }) => {
      this.#pushed.set(detail.userId, detail);
      this.#learn(detail);
    });
  }

  // Undefined where nothing is known.
  of(userId) {
    return this.#known.get(userId);
  }

  watchOnly(userIds) {
    this.#wanted = new Set(userIds);
    this.#settle();
  }

  #beginAnew() {
    this.#watched = new Set();
    this.#known.clear();
    this.#changed();
    this.#settle();
  }

  async #settle() {
    if (this.#isSettling || this.#connection.state !== "connected") {
      return;
    }
    this.#isSettling = true;
    try {
      for (let isSettled = false; !isSettled;) {
        isSettled = !(await this.#unwatch() || await this.#watch());
      }
    } catch (error) {
      // Lost with the connection: the next one watches again. Refused for now: once more after the pause asked for.
      if (error instanceof ChatError && error.retryable) {
        setTimeout(() => this.#settle(), error.retryAfterMs ?? RETRY_MS);
      }
    } finally {
      this.#isSettling = false;
    }
  }

  async #unwatch() {
    const watched = this.#watched;
    const userIds = [...watched].filter((userId) => !this.#wanted.has(userId));
    if (userIds.length === 0) {
      return false;
    }
    await this.#connection.call("Unwatch", { userIds });
    userIds.forEach((userId) => watched.delete(userId) && this.#known.delete(userId));
    return true;
  }

  async #watch() {
    const watched = this.#watched;
    const userIds = [...this.#wanted].filter((userId) => !watched.has(userId));
    if (userIds.length === 0) {
      return false;
    }
    this.#pushed.clear();
    const { presence } = await this.#connection.call("Watch", { userIds });
    userIds.forEach((userId) => watched.add(userId));
    presence.forEach((one) => this.#learn(this.#pushed.get(one.userId) ?? one));
    return true;
  }

  #learn(presence) {
    if (this.#wanted.has(presence.userId)) {
      this.#known.set(presence.userId, presence);
      this.#changed();
    }
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"));
  }
}
