import assert from "node:assert/strict";

export async function changing(step, world) {
  const { alice, bob, id } = world;
  const at = async (device, seq) => {
    const page = await device.ask("history", "GetHistory", { conversationId: id, after: seq - 1, limit: 1 });
    assert.equal(page.messages[0].seq, seq);
    return page.messages[0];
  };
  let edit;

  await step("an edit is an entry, and the message is served with its newest text", async () => {
    edit = await alice.phone.send(id, { kind: "edit", targetSeq: 1, text: "Hello Robert" });
    assert.equal(edit.seq, 24);
    const heard = await bob.phone.hearsSeq(id, edit.seq);
    assert.deepEqual([heard.content.kind, heard.content.targetSeq, heard.content.text], ["edit", 1, "Hello Robert"]);
    const message = await at(bob.phone, 1);
    assert.deepEqual([message.content.kind, message.content.text], ["text", "Hello Robert"]);
    assert.ok(message.editedAt, "editedAt is missing");
  });

  await step("a reaction shows, is replaced and taken back", async () => {
    const reactions = async () => ((await at(alice.phone, 1)).reactions ?? [])
      .map(({ emoji, userIds }) => [emoji, userIds]);
    const react = (emoji) => bob.phone.send(id, { kind: "reaction", targetSeq: 1, ...(emoji && { emoji }) });
    const entry = await react("👍");
    const heard = await alice.phone.hearsSeq(id, entry.seq);
    assert.deepEqual([heard.content.kind, heard.content.targetSeq, heard.content.emoji], ["reaction", 1, "👍"]);
    assert.deepEqual(await reactions(), [["👍", [bob.userId]]]);
    await react("🎉");
    assert.deepEqual(await reactions(), [["🎉", [bob.userId]]]);
    await react();
    assert.deepEqual(await reactions(), []);
  });

  await step("another's message can be neither edited nor deleted, and a missing one is not found", async () => {
    const refuses = (code, content) =>
      bob.phone.refuses(code, "Send", { conversationId: id, clientMessageId: "mine", content });
    await refuses("forbidden", { kind: "edit", targetSeq: 1, text: "I never said that" });
    await refuses("forbidden", { kind: "delete", targetSeq: 1 });
    await refuses("message_not_found", { kind: "reaction", targetSeq: 1_000_000, emoji: "👍" });
  });

  await step("a deleted message and its edits, which name it, are served as deleted", async () => {
    const entry = await alice.phone.send(id, { kind: "delete", targetSeq: 1 });
    const heard = await bob.phone.hearsSeq(id, entry.seq);
    assert.deepEqual([heard.content.kind, heard.content.targetSeq], ["delete", 1]);
    assert.deepEqual({ ...(await at(bob.phone, 1)).content }, { kind: "deleted" });
    const tombstone = { kind: "deleted", targetSeq: 1 };
    assert.deepEqual({ ...(await at(bob.phone, edit.seq)).content }, tombstone);
    const overRest = await bob.rest.expect(200, "GET", `/conversations/${id}/messages?after=${edit.seq - 1}&limit=1`);
    assert.deepEqual(overRest.messages[0].content, tombstone);
    const held = [{ conversationId: id, seq: edit.seq - 1 }];
    const resumed = await bob.phone.ask("resumed", "Resume", { conversations: held });
    assert.deepEqual({ ...resumed.messages.find(({ seq }) => seq === edit.seq).content }, tombstone);
    const all = await bob.phone.ask("history", "GetHistory", { conversationId: id, limit: 200 });
    assert.ok(!JSON.stringify(all).includes("Hello Robert"), "the text is still to be had");
  });

  await step("history pages in every direction", async () => {
    const page = async (query) => {
      const { messages, hasMore } = await bob.phone.ask("history", "GetHistory", { conversationId: id, ...query });
      return [messages.map((message) => message.seq), hasMore];
    };
    const [newest] = await page({});
    const last = newest.at(-1);
    assert.deepEqual(newest, Array.from({ length: last }, (_, n) => n + 1));
    assert.deepEqual(await page({ limit: 2 }), [[last - 1, last], true]);
    assert.deepEqual(await page({ before: 4, limit: 2 }), [[2, 3], true]);
    assert.deepEqual(await page({ before: 3, limit: 2 }), [[1, 2], false]);
    assert.deepEqual(await page({ after: 4, limit: 2 }), [[5, 6], true]);
    assert.deepEqual(await page({ after: last - 2, limit: 2 }), [[last - 1, last], false]);
    assert.ok((await page({ around: 10, limit: 5 }))[0].includes(10));
    const overRest = await bob.rest.expect(200, "GET", `/conversations/${id}/messages?after=4&limit=2`);
    assert.deepEqual(overRest.messages.map((message) => message.seq), [5, 6]);
    assert.equal(overRest.hasMore, true);
    world.lastSeq = last;
  });
}
