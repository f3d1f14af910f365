import assert from "node:assert/strict";
import { uuidV7 } from "../device.mjs";

export async function sending(step, world) {
  const { alice, bob } = world;
  let first;
  const clientMessageId = uuidV7();
  const hello = { kind: "text", text: "Hello Bob 👋 <b>&" };

  await step("OpenDirect is one conversation for both", async () => {
    const opened = await alice.phone.ask("conversation", "OpenDirect", { userId: bob.userId });
    assert.equal(opened.kind, "direct");
    assert.equal(opened.memberCount, 2);
    assert.equal(opened.lastSeq, 0);
    assert.equal(opened.retention.mode, "permanent");
    assert.deepEqual(opened.members.map((member) => member.userId).sort(), [alice.userId, bob.userId].sort());
    const again = await alice.laptop.ask("conversation", "OpenDirect", { userId: bob.userId });
    assert.equal(again.conversationId, opened.conversationId);
    const listed = await bob.phone.ask("conversationPage", "GetConversations");
    assert.deepEqual(listed.conversations, [], "Bob lists it before anything was said");
    world.id = opened.conversationId;
  });

  await step("Send answers with its place in the log", async () => {
    first = await alice.phone.send(world.id, hello, clientMessageId);
    assert.equal(first.conversationId, world.id);
    assert.equal(first.seq, 1);
    assert.equal(first.duplicate, false);
  });

  await step("MessageAppended comes to Bob and to Alice's other device", async () => {
    for (const device of [bob.phone, alice.laptop]) {
      const message = await device.hearsSeq(world.id, 1);
      assert.equal(message.messageId, first.messageId);
      assert.equal(message.clientMessageId, clientMessageId);
      assert.equal(message.senderId, alice.userId);
      assert.equal(new Date(message.sentAt).getTime(), new Date(first.sentAt).getTime());
      assert.equal(message.content.kind, "text");
      assert.equal(message.content.text, hello.text);
    }
  });

  await step("a resent message gets the first answer again, from any device and over REST", async () => {
    const other = { kind: "text", text: "something else" };
    const answers = [
      await alice.phone.send(world.id, hello, clientMessageId),
      await alice.laptop.send(world.id, other, clientMessageId),
      await alice.rest.expect(200, "POST", `/conversations/${world.id}/messages`, { clientMessageId, content: hello }),
    ];
    for (const answer of answers) {
      assert.equal(answer.duplicate, true);
      assert.equal(answer.seq, 1);
      assert.equal(answer.messageId, first.messageId);
      assert.equal(new Date(answer.sentAt).getTime(), new Date(first.sentAt).getTime());
    }
    const { messages } = await bob.phone.ask("history", "GetHistory", { conversationId: world.id });
    assert.equal(messages.length, 1);
    assert.equal(messages[0].content.text, hello.text);
  });

  await step("Bob lists the conversation with one unread message", async () => {
    const { conversations: [listed, ...rest] } = await bob.phone.ask("conversationPage", "GetConversations");
    assert.deepEqual(rest, []);
    assert.equal(listed.conversationId, world.id);
    assert.equal(listed.unread, 1);
    assert.equal(listed.lastSeq, 1);
    assert.equal(listed.readSeq, 0);
    assert.equal(listed.lastMessage.content.text, hello.text);
    const overRest = await bob.rest.expect(200, "GET", "/conversations");
    assert.equal(overRest.conversations[0].conversationId, world.id);
    const mine = await alice.phone.ask("conversationPage", "GetConversations");
    assert.equal(mine.conversations[0].unread, 0, "own messages are not unread");
  });

  await step("pipelined sends are appended in the order of the calls", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => alice.phone.say(world.id, `number ${n}`)));
    assert.deepEqual(answers.map((answer) => answer.seq), answers.map((_, n) => n + 2));
    const { messages } = await bob.phone.ask("history", "GetHistory", { conversationId: world.id, after: 1 });
    assert.deepEqual(messages.map((message) => message.content.text), answers.map((_, n) => `number ${n}`));
    await bob.phone.hearsSeq(world.id, 21);
  });

  await step("a reply names what it answers", async () => {
    const reply = await bob.phone.send(world.id, { kind: "text", text: "Hello Alice", replyTo: 1 });
    assert.equal(reply.seq, 22);
    const heard = await alice.phone.hearsSeq(world.id, 22);
    assert.equal(heard.content.replyTo, 1);
    assert.equal(heard.senderId, bob.userId);
  });

  await step("a sender is not told of his own sends", () => {
    const own = alice.phone.pushes.filter(({ name, payload }) =>
      name === "MessageAppended" && payload.senderId === alice.userId);
    assert.deepEqual(own, []);
  });

  await step("members are listed, and a script sends over REST", async () => {
    const { members } = await alice.phone.ask("memberPage", "GetMembers", { conversationId: world.id });
    assert.deepEqual(members.map((member) => member.userId).sort(), [alice.userId, bob.userId].sort());
    const path = `/conversations/${world.id}/messages`;
    const body = { clientMessageId: uuidV7(), content: { kind: "text", text: "from a script" } };
    const { status, answer } = await bob.rest.ask("POST", path, body);
    assert.ok(status === 200 || status === 201, `POST ${path} answered ${status}`);
    assert.equal(answer.seq, 23);
    assert.equal((await alice.phone.hearsSeq(world.id, 23)).content.text, "from a script");
  });
}
