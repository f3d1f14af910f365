import "../lib/signalr.min.js";
import { backoffMs } from "./backoff.js";
import { refusalOf } from "./errors.js";

const { HubConnectionBuilder, HttpTransportType, LogLevel } = globalThis.signalR;

const CALLBACKS = ["MessageAppended", "ReceiptAdvanced", "ConversationChanged", "ResyncRequired", "PresenceChanged",
  "TypingChanged", "ReceiptCounts"];
const KEEP_ALIVE_MS = 30_000;
const SERVER_TIMEOUT_MS = 75_000;
// A connection that lived that long was a good one: the next failure starts at the shortest pause again.
const STEADY_MS = 10_000;

// One hub connection that comes back by itself. Events: "state" (connected, reconnecting, refused) and each callback
// of the server under its own name. Nothing is promised of what was called or pushed while it was away:
// listeners ask again on each "connected".
export class Connection extends EventTarget {
  #accessToken;
  #isTokenRefused;
  #hub = null;
  #stopped = false;
  #wake = () => {};
  state = "connecting";

  constructor(accessToken, isTokenRefused) {
    super();
    this.#accessToken = accessToken;
    this.#isTokenRefused = isTokenRefused;
    addEventListener("online", () => this.#wake());
  }

  async run() {
    for (let failures = 0; !this.#stopped; failures++) {
      const livedMs = await this.#connectAndHold();
      if (this.#stopped) {
        return;
      }
      if (livedMs === 0 && await this.#isTokenRefused()) {
        this.#enter("refused");
        return;
      }
      this.#enter("reconnecting");
      if (livedMs > STEADY_MS) {
        failures = 0;
      }
      await this.#pause(backoffMs(failures));
    }
  }

  async stop() {
    this.#stopped = true;
    this.#wake();
    await this.#hub?.stop();
  }

  async call(method, argument = {}) {
    if (this.#hub === null) {
      throw new Error("not connected");
    }
    try {
      return await this.#hub.invoke(method, argument);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  // Answers how many milliseconds the connection lived, 0 if it never came about.
  async #connectAndHold() {
    const hub = this.#build();
    const closed = new Promise((resolve) => hub.onclose(resolve));
    try {
      await hub.start();
    } catch (unreachable) {
      console.info("Chat: no connection yet", unreachable.message);
      return 0;
    }
    const since = performance.now();
    this.#hub = hub;
    this.#enter("connected");
    await closed;
    this.#hub = null;
    return Math.max(1, performance.now() - since);
  }

  #build() {
    // No negotiation: it would need every request of one client to reach the same gateway.
    const hub = new HubConnectionBuilder()
      .withUrl("/hub/chat", {
        accessTokenFactory: () => this.#accessToken,
        skipNegotiation: true,
        transport: HttpTransportType.WebSockets,
      })
      .configureLogging(LogLevel.None)
      .withKeepAliveInterval(KEEP_ALIVE_MS)
      .withServerTimeout(SERVER_TIMEOUT_MS)
      .build();
    for (const name of CALLBACKS) {
      hub.on(name, (payload) => this.dispatchEvent(new CustomEvent(name, { detail: payload })));
    }
    hub.on("Draining", ({ reconnectAfterMs }) => setTimeout(() => hub.stop(), reconnectAfterMs));
    return hub;
  }

  #enter(state) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, milliseconds);
    });
  }
}
