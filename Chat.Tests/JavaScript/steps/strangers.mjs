import assert from "node:assert/strict";

export async function strangers(step, world) {
  const { alice, eve, id } = world;
  const content = { kind: "text", text: "may I?" };
  const calls = {
    Send: { conversationId: id, clientMessageId: "stranger", content },
    MarkDelivered: { conversationId: id, seq: 1 },
    MarkRead: { conversationId: id, seq: 1 },
    GetReceipts: { conversationId: id, seq: 1 },
    GetMembers: { conversationId: id },
    GetHistory: { conversationId: id },
  };

  await step("a stranger is refused on every method, and over REST", async () => {
    for (const [method, argument] of Object.entries(calls)) {
      await eve.phone.refuses("not_a_member", method, argument);
    }
    const path = `/conversations/${id}/messages`;
    await eve.rest.expectProblem(403, "not_a_member", "GET", path);
    await eve.rest.expectProblem(403, "not_a_member", "POST", path, { clientMessageId: "stranger", content });
    const { conversations } = await eve.phone.ask("conversationPage", "GetConversations");
    assert.deepEqual(conversations, []);
  });

  await step("a stranger hears nothing, and changes nothing", async () => {
    assert.deepEqual(eve.phone.pushes, []);
    const { conversations: [mine] } = await alice.phone.ask("conversationPage", "GetConversations");
    assert.equal(mine.lastSeq, world.lastSeq);
  });

  await step("nobody's conversation and nobody's id are refused", async () => {
    for (const [method, argument] of Object.entries(calls)) {
      await eve.phone.refuses(["conversation_not_found", "not_a_member"], method,
        { ...argument, conversationId: "no-such-conversation" });
    }
    await eve.phone.refuses("user_not_found", "OpenDirect", { userId: "nobody" });
  });
}
