import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Device } from "../device.mjs";
import { Rest } from "../rest.mjs";
import { expectShape } from "../shapes.mjs";

const PASSWORD = "correct horse battery staple";

// Puts the people into the world: each {userId, username, token, rest}; and alice, bob, stranger as devices.
export async function accounts(step, world) {
  const run = randomBytes(4).toString("hex");
  const people = { alice: world.here, bob: world.there, eve: world.here };

  await step("accounts are created once each", async () => {
    for (const [name, origin] of Object.entries(people)) {
      const username = `${name}-${run}`;
      const account = { username, password: PASSWORD };
      const made = expectShape("account", await new Rest(origin).expect(201, "POST", "/accounts", account));
      assert.equal(made.username, username);
      await new Rest(world.there).expectProblem(409, "username_taken", "POST", "/accounts", account);
      world[name] = { ...made, rest: new Rest(origin) };
    }
  });

  await step("tokens are for whoever knows the password", async () => {
    for (const name of Object.keys(people)) {
      const { username, userId, rest } = world[name];
      await rest.expectProblem(401, "bad_credentials", "POST", "/tokens", { username, password: "wrong" });
      const unknown = { username: `no-${run}`, password: PASSWORD };
      await rest.expectProblem(401, "bad_credentials", "POST", "/tokens", unknown);
      const token = expectShape("token", await rest.expect(200, "POST", "/tokens", { username, password: PASSWORD }));
      assert.equal(token.userId, userId);
      Object.assign(world[name], { token: token.accessToken, rest: rest.as(token.accessToken) });
    }
  });

  await step("users are found by name and by id", async () => {
    const { alice, bob } = world;
    const byName = await alice.rest.expect(200, "GET", `/users?username=${bob.username}`);
    const byId = await alice.rest.expect(200, "GET", `/users/${bob.userId}`);
    assert.deepEqual(expectShape("account", byName), byId);
    assert.equal(byId.userId, bob.userId);
    await alice.rest.expectProblem(404, "user_not_found", "GET", `/users?username=no-${run}`);
    await alice.rest.expectProblem(404, "user_not_found", "GET", `/users/no-${run}`);
    await alice.rest.as("forged").expectProblem(401, "unauthenticated", "GET", `/users/${bob.userId}`);
    await alice.rest.as(null).expectProblem(401, "unauthenticated", "GET", "/conversations");
  });

  await step("devices connect, negotiated or not, and with a token only", async () => {
    const { protocol, here, there, alice, bob, eve } = world;
    alice.phone = await Device.connect(here, alice.token, protocol);
    alice.laptop = await Device.connect(there, alice.token, protocol, { negotiate: false });
    bob.phone = await Device.connect(there, bob.token, protocol, { negotiate: false });
    eve.phone = await Device.connect(here, eve.token, protocol);
    world.devices = [alice.phone, alice.laptop, bob.phone, eve.phone];
    for (const negotiate of [true, false]) {
      await assert.rejects(Device.connect(here, "forged", protocol, { negotiate }), "a forged token connected");
    }
  });
}
