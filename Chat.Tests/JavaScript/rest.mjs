import assert from "node:assert/strict";
import { expectShape } from "./shapes.mjs";

// The REST half of the contract at one gateway.
export class Rest {
  constructor(origin, token = null) {
    this.origin = origin;
    this.token = token;
  }

  as(token) {
    return new Rest(this.origin, token);
  }

  async ask(method, path, body) {
    const headers = {
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}),
    };
    const response = await fetch(new URL(`/api/v1${path}`, this.origin),
      { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const type = response.headers.get("content-type") ?? "";
    const answer = type.includes("json") ? await response.json() : await response.text();
    return { status: response.status, type, answer };
  }

  async expect(status, method, path, body) {
    const got = await this.ask(method, path, body);
    assert.equal(got.status, status, `${method} ${path} answered ${got.status}: ${JSON.stringify(got.answer)}`);
    return got.answer;
  }

  async expectProblem(status, code, method, path, body) {
    const got = await this.ask(method, path, body);
    assert.equal(got.status, status, `${method} ${path} answered ${got.status}: ${JSON.stringify(got.answer)}`);
    assert.match(got.type, /^application\/problem\+json/);
    expectShape("problem", got.answer);
    assert.equal(got.answer.code, code);
    assert.equal(got.answer.status, status);
    return got.answer;
  }
}
