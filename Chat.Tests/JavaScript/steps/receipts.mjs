import assert from "node:assert/strict";

export async function receipts(step, world) {
  const { alice, bob, id } = world;
  const mark = (device, method, seq) => device.ask("watermarks", method, { conversationId: id, seq });
  const info = (device, seq) => device.ask("receipts", "GetReceipts", { conversationId: id, seq });

  await step("before any mark nobody has received the message", async () => {
    const { members, deliveredCount, readCount } = await info(alice.phone, 1);
    assert.deepEqual(members.map((member) => member.userId), [bob.userId], "the sender is not among the members");
    assert.deepEqual([deliveredCount, readCount], [0, 0]);
    assert.equal(members[0].deliveredAt ?? null, null);
  });

  await step("MarkDelivered is answered, and advances the receipt at both of Alice's devices", async () => {
    assert.deepEqual({ ...await mark(bob.phone, "MarkDelivered", 21) }, { deliveredSeq: 21, readSeq: 0 });
    for (const device of [alice.phone, alice.laptop]) {
      const receipt = await device.hears("ReceiptAdvanced", (it) => it.conversationId === id && it.deliveredSeq >= 21);
      assert.equal(receipt.userId, bob.userId);
      assert.equal(receipt.readSeq, 0);
    }
  });

  await step("MarkRead implies delivered, and advances the receipt at Alice", async () => {
    assert.deepEqual({ ...await mark(bob.phone, "MarkRead", 21) }, { deliveredSeq: 21, readSeq: 21 });
    const receipt = await alice.phone.hears("ReceiptAdvanced", (it) => it.conversationId === id && it.readSeq >= 21);
    assert.equal(receipt.userId, bob.userId);
    assert.ok(receipt.deliveredSeq >= receipt.readSeq);
  });

  await step("watermarks never move back, and end with the log", async () => {
    assert.deepEqual({ ...await mark(bob.phone, "MarkRead", 1) }, { deliveredSeq: 21, readSeq: 21 });
    assert.deepEqual({ ...await mark(bob.phone, "MarkDelivered", 1) }, { deliveredSeq: 21, readSeq: 21 });
    assert.deepEqual({ ...await mark(bob.phone, "MarkRead", 1_000_000) }, { deliveredSeq: 23, readSeq: 23 });
  });

  await step("GetReceipts tells when", async () => {
    const { members, deliveredCount, readCount, memberCount } = await info(alice.phone, 21);
    assert.deepEqual(members.map((member) => member.userId), [bob.userId]);
    assert.ok(members[0].deliveredAt && members[0].readAt, "the times are missing");
    assert.deepEqual([deliveredCount, readCount], [1, 1]);
    assert.ok(memberCount >= members.length);
  });

  await step("unread counts are exact on both sides", async () => {
    const unreadOf = async (device) =>
      (await device.ask("conversationPage", "GetConversations")).conversations[0].unread;
    assert.equal(await unreadOf(bob.phone), 0);
    assert.equal(await unreadOf(alice.phone), 2);
    await mark(alice.phone, "MarkRead", 22);
    assert.equal(await unreadOf(alice.phone), 1);
    await mark(alice.phone, "MarkRead", 23);
    assert.equal(await unreadOf(alice.phone), 0);
    const own = await alice.laptop.hears("ReceiptAdvanced",
      (it) => it.conversationId === id && it.userId === alice.userId && it.readSeq === 23);
    assert.equal(own.deliveredSeq, 23);
  });
}
