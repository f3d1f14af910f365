// A refusal of the wire contract: the same four members over REST and over the hub.
export class ChatError extends Error {
  constructor({ code, message, detail, title, retryable = false, retryAfterMs }) {
    super(message ?? detail ?? title ?? code);
    this.name = "ChatError";
    this.code = code;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}

// A hub error carries one JSON object from its first brace on; SignalR puts words of its own before it.
// What carries none is not a refusal but a lost connection, and is handed back as it came.
export function refusalOf(error) {
  const text = String(error?.message ?? "");
  const start = text.indexOf("{");
  if (start < 0) {
    return error;
  }
  try {
    const refusal = JSON.parse(text.slice(start));
    return typeof refusal.code === "string" ? new ChatError(refusal) : error;
  } catch (notJson) {
    return notJson instanceof SyntaxError ? error : notJson;
  }
}

const WORDS = {
  bad_credentials: "Wrong username or password.",
  username_taken: "That username is taken.",
  user_not_found: "Nobody has that username.",
  conversation_not_found: "There is no such chat.",
  message_not_found: "That message is not there any more.",
  not_a_member: "You are not a member of this chat.",
  forbidden: "You may not do that here.",
  last_owner: "You are the group’s only owner. Make somebody else an owner first, or be the last to leave.",
  group_full: "The group is full.",
  blocked: "This chat is blocked.",
  content_too_large: "That message is too long.",
  unauthenticated: "Please log in again.",
  rate_limited: "That was a lot at once. Please try again in a moment.",
  busy: "The server is busy. Please try again in a moment.",
  unavailable: "The server did not answer. Please try again in a moment.",
  internal: "Something went wrong on the server.",
};

export function wordsFor(error) {
  if (error instanceof ChatError) {
    // The server's own words begin with a field's name, as code has it.
    return WORDS[error.code] ?? error.message.charAt(0).toUpperCase() + error.message.slice(1);
  }
  return "The server could not be reached.";
}
