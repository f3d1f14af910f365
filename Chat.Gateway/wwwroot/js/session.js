import { Api } from "./api.js";

// sessionStorage and not localStorage: each tab can be another user.
const KEY = "chat.session";
const REFUSED_KEY = "chat.refused";

export function currentSession() {
  const text = sessionStorage.getItem(KEY);
  return text ? JSON.parse(text) : null;
}

export async function signUp(username, password) {
  await new Api().createAccount(username, password);
  return await logIn(username, password);
}

export async function logIn(username, password) {
  const { accessToken, userId } = await new Api().createToken(username, password);
  const session = { accessToken, userId, username };
  sessionStorage.setItem(KEY, JSON.stringify(session));
  return session;
}

// Whether the last session ended because the server did not take its token any more; told once.
export function wasRefused() {
  const wasIt = sessionStorage.getItem(REFUSED_KEY) !== null;
  sessionStorage.removeItem(REFUSED_KEY);
  return wasIt;
}

export function endRefused() {
  sessionStorage.setItem(REFUSED_KEY, "");
  signOut();
}

export function signOut() {
  // The outbox stays: what was not acknowledged goes out when its author logs in again.
  sessionStorage.removeItem(KEY);
}
