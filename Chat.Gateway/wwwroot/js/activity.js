const APART_MS = 15_000;
// A hand at the page. Focus, visibility and a moving page are no input: they come by themselves.
const INPUTS = ["pointerdown", "keydown", "wheel"];

// Tells the server that the user touches the page: at most once in APART_MS, and at once after a reconnect. A touch
// shortly before there is a connection, like the one that logs in, is told with it.
export class Activity {
  #connection = null;
  #touchedAt = -Infinity;
  #reportedAt = -Infinity;

  constructor() {
    for (const input of INPUTS) {
      addEventListener(input, (event) => event.isTrusted && this.#touch(), { capture: true, passive: true });
    }
  }

  reportOn(connection) {
    this.#connection = connection;
    connection.addEventListener("state", () => {
      this.#reportedAt = -Infinity;
      if (performance.now() - this.#touchedAt < APART_MS) {
        this.#report();
      }
    });
  }

  #touch() {
    this.#touchedAt = performance.now();
    if (this.#touchedAt - this.#reportedAt >= APART_MS) {
      this.#report();
    }
  }

  async #report() {
    if (this.#connection?.state !== "connected") {
      return;
    }
    this.#reportedAt = performance.now();
    try {
      await this.#connection.call("ReportActivity");
    } catch (error) {
      console.info("Chat: activity was not told", error.code ?? error.name);
      this.#reportedAt = -Infinity;
    }
  }
}
