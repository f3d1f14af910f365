import assert from "node:assert/strict";
import { uuidV7 } from "../device.mjs";

export async function badInput(step, world) {
  const { alice, id } = world;
  const text = { kind: "text", text: "fine" };
  const send = (changes) => ["Send", { conversationId: id, clientMessageId: uuidV7(), content: text, ...changes }];
  const content = (value) => send({ content: value });
  const history = (query) => ["GetHistory", { conversationId: id, ...query }];

  const invalid = {
    "nothing at all": ["Send", {}],
    "no conversation": send({ conversationId: undefined }),
    "a conversation that is a number": send({ conversationId: 7 }),
    "a conversation that is nil": send({ conversationId: null }),
    "no client message id": send({ clientMessageId: undefined }),
    "an empty client message id": send({ clientMessageId: "" }),
    "a client message id of 65 characters": send({ clientMessageId: "x".repeat(65) }),
    "a client message id beyond ASCII": send({ clientMessageId: "é" }),
    "a client message id with a line break": send({ clientMessageId: "a\nb" }),
    "a client message id that is a number": send({ clientMessageId: 5 }),
    "no content": content(undefined),
    "content that is a text": content("hello"),
    "content that is a list": content([text]),
    "content without a kind": content({ text: "hello" }),
    "an unknown kind": content({ kind: "hologram", text: "hello" }),
    "a kind that is a number": content({ kind: 1 }),
    "a system entry": content({ kind: "system", event: "joined", actorId: alice.userId }),
    "a text without text": content({ kind: "text" }),
    "a text that is a number": content({ kind: "text", text: 42 }),
    "an edit without a target": content({ kind: "edit", text: "hello" }),
    "an edit of a text": content({ kind: "edit", targetSeq: "one", text: "hello" }),
    "a deletion of a fraction": content({ kind: "delete", targetSeq: 1.5 }),
    "a mark without seq": ["MarkRead", { conversationId: id }],
    "a mark at a text": ["MarkDelivered", { conversationId: id, seq: "1" }],
    "a mark at an object": ["MarkRead", { conversationId: id, seq: {} }],
    "a mark below nothing": ["MarkRead", { conversationId: id, seq: -1 }],
    "receipts without seq": ["GetReceipts", { conversationId: id }],
    "history from two sides": history({ before: 5, after: 1 }),
    "history after a text": history({ after: "1" }),
    "history of a negative length": history({ limit: -1 }),
    "opening nobody": ["OpenDirect", {}],
    "opening a number": ["OpenDirect", { userId: 12 }],
    "resuming a text": ["Resume", { conversations: "all" }],
    "resuming a list of numbers": ["Resume", { conversations: [1, 2] }],
    "resuming without a cursor": ["Resume", { conversations: [{ conversationId: id }] }],
    "blocking a list": ["Block", { userId: [] }],
  };

  for (const [what, [method, argument]] of Object.entries(invalid)) {
    await step(`${what} is invalid`, async () => {
      const refusal = await alice.phone.refuses("invalid", method, argument);
      assert.equal(refusal.retryable, false);
    });
  }

  await step("a text one byte too long is refused, one that just fits is not", async () => {
    await alice.phone.refuses("content_too_large", ...content({ kind: "text", text: "x".repeat(16_385) }));
    await alice.phone.refuses("content_too_large", ...content({ kind: "text", text: "é".repeat(8_193) }));
    const { seq } = await alice.phone.say(id, "é".repeat(8_192));
    assert.equal(seq, world.lastSeq + 1, "a refused call changed something");
    world.lastSeq = seq;
  });

  await step("malformed REST bodies are refused", async () => {
    const path = `/conversations/${id}/messages`;
    await alice.rest.expectProblem(400, "invalid", "POST", path, {});
    await alice.rest.expectProblem(400, "invalid", "POST", path, { clientMessageId: 5, content: [] });
    await alice.rest.expectProblem(400, "invalid", "POST", path, "text");
    await alice.rest.expectProblem(400, "invalid", "GET", `${path}?before=2&after=1`);
    await alice.rest.expectProblem(400, "invalid", "POST", "/accounts", { username: 1 });
  });

  await step("after all of it every connection is usable", async () => {
    assert.ok(world.devices.filter((device) => device.isConnected).length >= 4);
    const { seq } = await alice.phone.say(id, "still here");
    assert.equal(seq, world.lastSeq + 1);
    assert.equal((await world.bob.phone.hearsSeq(id, seq)).content.text, "still here");
  });
}
