import assert from "node:assert/strict";

export async function blocking(step, world) {
  const { alice, bob, id } = world;

  await step("a blocked conversation refuses sends, both ways", async () => {
    await bob.phone.call("Block", { userId: alice.userId });
    for (const device of [alice.phone, bob.phone]) {
      const refusal = await device.refuses("blocked", "Send",
        { conversationId: id, clientMessageId: "to-a-wall", content: { kind: "text", text: "Bob?" } });
      assert.equal(refusal.retryable, false);
    }
  });

  await step("unblocked, it accepts them again, and the refused one left no trace", async () => {
    await bob.phone.call("Unblock", { userId: alice.userId });
    const { seq, duplicate } = await alice.phone.send(id, { kind: "text", text: "Bob!" }, "to-a-wall");
    assert.deepEqual([seq, duplicate], [world.lastSeq + 1, false]);
    assert.equal((await bob.phone.hearsSeq(id, seq)).content.text, "Bob!");
    world.lastSeq = seq;
  });
}
