import { ChatError } from "./errors.js";

const ROOT = "/api/v1";

// The REST half of the contract, as far as the page needs it.
export class Api {
  #token;

  constructor(token = null) {
    this.#token = token;
  }

  createAccount(username, password) {
    return this.#ask("POST", "/accounts", { username, password });
  }

  createToken(username, password) {
    return this.#ask("POST", "/tokens", { username, password });
  }

  userNamed(username) {
    return this.#ask("GET", `/users?username=${encodeURIComponent(username)}`);
  }

  user(userId) {
    return this.#ask("GET", `/users/${encodeURIComponent(userId)}`);
  }

  // True only where the server says so: a network fault is no reason to ask for a password.
  async isTokenRefused(userId) {
    try {
      await this.user(userId);
      return false;
    } catch (error) {
      return error instanceof ChatError && error.code === "unauthenticated";
    }
  }

  async #ask(method, path, body) {
    const headers = { Accept: "application/json" };
    if (body) {
      headers["Content-Type"] = "application/json";
    }
    if (this.#token) {
      headers.Authorization = `Bearer ${this.#token}`;
    }
    const response = await fetch(ROOT + path, { method, headers, body: body && JSON.stringify(body) });
    // A proxy's own error page is no JSON; its status says enough.
    const answer = await response.json().catch(() => ({}));
    if (response.ok) {
      return answer;
    }
    const code = answer.code ?? (response.status === 401 ? "unauthenticated" : "internal");
    throw new ChatError({ ...answer, code });
  }
}
