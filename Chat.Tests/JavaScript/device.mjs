import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import signalR from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { expectShape } from "./shapes.mjs";

const PATIENCE_MS = 15_000;
const CALLBACKS = { MessageAppended: "message", ReceiptAdvanced: "receipt", ConversationChanged: "conversation" };
const PROTOCOLS = { json: () => new signalR.JsonHubProtocol(), messagepack: () => new MessagePackHubProtocol() };

// One device of one user: a hub connection of SignalR's official client, and everything that was pushed to it.
export class Device {
  #hub;
  #waiting = new Set();
  pushes = [];
  faults = [];

  static async connect(origin, token, protocol, { negotiate = true } = {}) {
    const device = new Device(origin, token, protocol, negotiate);
    await device.#hub.start();
    return device;
  }

  constructor(origin, token, protocol, negotiate) {
    const transport = negotiate ? {} : { skipNegotiation: true, transport: signalR.HttpTransportType.WebSockets };
    this.#hub = new signalR.HubConnectionBuilder()
      .withUrl(new URL("/hub/chat", origin).href, { accessTokenFactory: () => token, ...transport })
      .withHubProtocol(PROTOCOLS[protocol]())
      .configureLogging(signalR.LogLevel.None)
      .withKeepAliveInterval(30_000)
      .withServerTimeout(75_000)
      .build();
    for (const [name, shape] of Object.entries(CALLBACKS)) {
      this.#hub.on(name, (payload) => this.#record(name, shape, payload));
    }
  }

  disconnect() {
    return this.#hub.stop();
  }

  get isConnected() {
    return this.#hub.state === signalR.HubConnectionState.Connected;
  }

  call(method, argument = {}) {
    return this.#hub.invoke(method, argument);
  }

  async ask(shape, method, argument = {}) {
    return expectShape(shape, await this.call(method, argument));
  }

  send(conversationId, content, clientMessageId = uuidV7()) {
    return this.ask("ack", "Send", { conversationId, clientMessageId, content });
  }

  say(conversationId, text) {
    return this.send(conversationId, { kind: "text", text });
  }

  // Refused with one of the codes, as one JSON object from the first brace of the error's text on.
  async refuses(codes, method, argument) {
    const wanted = [codes].flat();
    const call = `${method} ${JSON.stringify(argument)?.slice(0, 200)}`;
    let answer;
    try {
      answer = await this.call(method, argument);
    } catch (error) {
      const start = error.message.indexOf("{");
      assert.ok(start >= 0, `${call} failed without a refusal: ${error.message}`);
      const refusal = expectShape("refusal", JSON.parse(error.message.slice(start)));
      assert.ok(wanted.includes(refusal.code),
        `${call} should be refused as ${wanted.join(" or ")}, but was as ${refusal.code}: ${refusal.message}`);
      return refusal;
    }
    assert.fail(`${call} should be refused as ${wanted.join(" or ")}, but answered ${JSON.stringify(answer)}`);
  }

  // The first push of that name that fits, whether it is here already or still to come.
  hears(name, fits) {
    const probe = () => this.pushes.find((push) => push.name === name && fits(push.payload))?.payload;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        const heard = JSON.stringify(this.pushes.slice(-5));
        reject(new Error(`no ${name} that fits (${fits}) within ${PATIENCE_MS} ms; last heard: ${heard}`));
      }, PATIENCE_MS);
      const look = () => {
        const found = probe();
        if (found) {
          clearTimeout(timer);
          this.#waiting.delete(look);
          resolve(found);
        }
      };
      this.#waiting.add(look);
      look();
    });
  }

  hearsSeq(conversationId, seq) {
    return this.hears("MessageAppended", (it) => it.conversationId === conversationId && it.seq === seq);
  }

  #record(name, shape, payload) {
    try {
      expectShape(shape, payload);
    } catch (fault) {
      this.faults.push(`${name}: ${fault.message}`);
    }
    this.pushes.push({ name, payload });
    [...this.#waiting].forEach((look) => look());
  }
}

export function uuidV7() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
