import assert from "node:assert/strict";
import { Device } from "../device.mjs";

export async function resuming(step, world) {
  const { alice, bob, id, protocol } = world;
  const resume = (device, seq, version) =>
    device.ask("resumed", "Resume", { conversations: [{ conversationId: id, seq, ...(version && { version }) }] });
  let version;

  await step("a device that comes back resumes from its cursor and lacks nothing", async () => {
    await bob.phone.disconnect();
    const answers = [];
    for (const text of ["while", "you were", "away"]) {
      answers.push(await alice.phone.say(id, text));
    }
    const { lastSeq } = world;
    assert.deepEqual(answers.map((answer) => answer.seq), [lastSeq + 1, lastSeq + 2, lastSeq + 3]);
    bob.phone = await Device.connect(world.here, bob.token, protocol);
    world.devices.push(bob.phone);
    const { conversations, messages, truncated } = await resume(bob.phone, lastSeq);
    assert.deepEqual(messages.map((message) => message.content.text), ["while", "you were", "away"]);
    assert.deepEqual(messages.map((message) => message.seq), answers.map((answer) => answer.seq));
    assert.deepEqual(conversations.map((it) => [it.conversationId, it.lastSeq, it.unread]), [[id, lastSeq + 3, 3]]);
    assert.deepEqual(truncated, []);
    world.lastSeq = lastSeq + 3;
    version = conversations[0].version;
  });

  await step("who lacks nothing is told nothing, and foreign ids are passed over", async () => {
    const nothing = await resume(bob.phone, world.lastSeq, version);
    assert.deepEqual([nothing.conversations, nothing.messages, nothing.truncated], [[], [], []]);
    const foreign = await world.eve.phone.ask("resumed", "Resume", { conversations: [{ conversationId: id, seq: 0 }] });
    assert.deepEqual([foreign.conversations, foreign.messages, foreign.truncated], [[], [], []]);
  });

  await step("a device that holds nothing is told of every conversation", async () => {
    const { conversations } = await bob.phone.ask("resumed", "Resume", { conversations: [] });
    assert.deepEqual(conversations.map((it) => it.conversationId), [id]);
  });

  await step("pushes flow again after the reconnect", async () => {
    const { seq } = await alice.phone.say(id, "welcome back");
    assert.equal((await bob.phone.hearsSeq(id, seq)).content.text, "welcome back");
    await bob.phone.ask("watermarks", "MarkRead", { conversationId: id, seq });
    await alice.phone.hears("ReceiptAdvanced", (it) => it.conversationId === id && it.readSeq === seq);
    world.lastSeq = seq;
  });
}
