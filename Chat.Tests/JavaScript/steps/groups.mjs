import assert from "node:assert/strict";

export async function groups(step, world) {
  const { alice, bob, eve } = world;
  const event = (conversationId, name) => (it) => it.conversationId === conversationId && it.content.event === name;
  let id;
  let seq;

  await step("a group is made, and its first entry says so to everybody", async () => {
    const group = await alice.phone.ask("conversation", "CreateGroup",
      { title: "lunch", memberIds: [bob.userId, bob.userId, alice.userId] });
    id = group.conversationId;
    assert.deepEqual([group.kind, group.title, group.memberCount, group.historyVisibility ?? "fromJoin"],
      ["group", "lunch", 2, "fromJoin"]);
    assert.deepEqual(group.members.map((it) => it.role).sort(), ["member", "owner"]);
    const created = await bob.phone.hears("MessageAppended", event(id, "created"));
    assert.deepEqual([created.seq, created.senderId, created.content.actorId], [1, alice.userId, alice.userId]);
  });

  await step("a member sends, and all others hear it", async () => {
    ({ seq } = await bob.phone.say(id, "pizza?"));
    for (const device of [alice.phone, alice.laptop]) {
      assert.equal((await device.hearsSeq(id, seq)).content.text, "pizza?");
    }
  });

  await step("roles hold: a member adds, names and promotes nobody", async () => {
    await bob.phone.refuses("forbidden", "AddMembers", { conversationId: id, userIds: [eve.userId] });
    await bob.phone.refuses("forbidden", "SetRole", { conversationId: id, userId: bob.userId, role: "owner" });
    await bob.phone.refuses("forbidden", "UpdateGroup", { conversationId: id, title: "dinner" });
    await alice.phone.refuses("invalid", "SetRole", { conversationId: id, userId: bob.userId, role: "king" });
    await alice.phone.refuses("last_owner", "Leave", { conversationId: id });
  });

  await step("a joiner reads from the entry that let her in", async () => {
    const group = await alice.phone.ask("conversation", "AddMembers", { conversationId: id, userIds: [eve.userId] });
    assert.equal(group.memberCount, 3);
    const added = await eve.phone.hears("MessageAppended", event(id, "membersAdded"));
    assert.deepEqual(added.content.userIds, [eve.userId]);
    const { messages, gone } = await eve.phone.ask("history", "GetHistory", { conversationId: id, after: 0 });
    assert.deepEqual(messages.map((it) => it.seq), [added.seq]);
    assert.deepEqual(gone.map((it) => [it.fromSeq, it.toSeq]), [[1, added.seq - 1]]);
    await eve.phone.refuses("message_not_found", "GetReceipts", { conversationId: id, seq });
  });

  await step("receipts name each member who was to get it", async () => {
    ({ seq } = await alice.phone.say(id, "pasta!"));
    await eve.phone.hearsSeq(id, seq);
    await eve.phone.ask("watermarks", "MarkRead", { conversationId: id, seq });
    await alice.phone.hears("ReceiptAdvanced",
      (it) => it.conversationId === id && it.userId === eve.userId && it.readSeq === seq);
    const info = await alice.phone.ask("receipts", "GetReceipts", { conversationId: id, seq });
    assert.deepEqual([info.memberCount, info.readCount], [2, 1]);
  });

  await step("settings change by entries, and only admins send where it is so set", async () => {
    const group = await alice.phone.ask("conversation", "UpdateGroup",
      { conversationId: id, title: "dinner", onlyAdminsSend: true });
    assert.deepEqual([group.title, group.onlyAdminsSend], ["dinner", true]);
    const changed = await bob.phone.hears("MessageAppended", event(id, "titleChanged"));
    assert.equal(changed.content.title, "dinner");
    await bob.phone.refuses("forbidden", "Send",
      { conversationId: id, clientMessageId: "hush", content: { kind: "text", text: "?" } });
    await alice.phone.ask("conversation", "SetRole", { conversationId: id, userId: bob.userId, role: "admin" });
    ({ seq } = await bob.phone.say(id, "now I may"));
    await alice.phone.hearsSeq(id, seq);
  });

  await step("who is removed reads up to that, and hears nothing more", async () => {
    await bob.phone.ask("conversation", "RemoveMember", { conversationId: id, userId: eve.userId });
    const removed = await eve.phone.hears("MessageAppended", event(id, "memberRemoved"));
    ({ seq } = await alice.phone.say(id, "just us"));
    await bob.phone.hearsSeq(id, seq);
    const { messages } = await eve.phone.ask("history", "GetHistory", { conversationId: id });
    assert.equal(messages.at(-1).seq, removed.seq);
    await eve.phone.refuses("not_a_member", "Send",
      { conversationId: id, clientMessageId: "late", content: { kind: "text", text: "hey" } });
    assert.ok(!eve.phone.pushes.some(({ payload }) => payload.conversationId === id && payload.seq === seq));
  });

  await step("an invite lets in until it is revoked", async () => {
    const { code } = await alice.phone.call("CreateInvite", { conversationId: id, expiresAfterSeconds: 3600 });
    const joined = await eve.phone.ask("conversation", "JoinByInvite", { code });
    assert.equal(joined.memberCount, 3);
    await bob.phone.hears("MessageAppended", event(id, "memberJoined"));
    await eve.phone.call("Leave", { conversationId: id });
    await alice.phone.hears("MessageAppended", event(id, "memberLeft"));
    await alice.phone.call("RevokeInvite", { conversationId: id, code });
    await eve.phone.refuses("invite_not_found", "JoinByInvite", { code });
  });

  await step("mute is seen by him alone who mutes", async () => {
    const muted = await bob.phone.ask("conversation", "SetMuted", { conversationId: id, forSeconds: 3600 });
    assert.ok(muted.mutedUntil);
    const { conversations } = await alice.phone.ask("conversationPage", "GetConversations");
    assert.equal(conversations.find((it) => it.conversationId === id).mutedUntil ?? null, null);
  });
}
