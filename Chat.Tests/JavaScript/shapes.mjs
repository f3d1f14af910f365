// The shapes of the wire contract as checks: each throws with the path at which a value departs from the contract.
// Fields that the contract does not name are allowed: it may grow.

const fail = (path, wanted, value) => {
  throw new Error(`${path} should be ${wanted}, but is ${JSON.stringify(value) ?? "absent"}`);
};
const isAbsent = (value) => value === undefined || value === null;

const check = (wanted, holds) => (value, path) => holds(value) || fail(path, wanted, value);
const text = check("a text", (value) => typeof value === "string");
const id = check("an id", (value) => typeof value === "string" && value.length > 0);
const flag = check("true or false", (value) => typeof value === "boolean");
const count = check("a whole number", (value) => Number.isSafeInteger(value) && value >= 0);
const seq = check("a seq", (value) => Number.isSafeInteger(value) && value >= 1);
// RFC 3339 in JSON, a timestamp (so a Date) in MessagePack.
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/;
const time = check("a time in UTC", (value) => value instanceof Date || rfc3339.test(value));

const oneOf = (...values) => check(`one of ${values.join(", ")}`, (value) => values.includes(value));
const optional = (shape) => (value, path) => isAbsent(value) || shape(value, path);
const list = (shape) => (value, path) => {
  Array.isArray(value) || fail(path, "a list", value);
  value.forEach((item, place) => shape(item, `${path}[${place}]`));
};
const object = (fields) => (value, path) => {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  isMap || fail(path, "an object", value);
  Object.entries(fields).forEach(([name, shape]) => shape(value[name], `${path}.${name}`));
};

const contentKinds = {
  text: object({ text, replyTo: optional(seq) }),
  image: object({ media: object({ mediaId: id }), text: optional(text) }),
  edit: object({ targetSeq: seq, text }),
  delete: object({ targetSeq: seq }),
  reaction: object({ targetSeq: seq, emoji: optional(text) }),
  deleted: object({ targetSeq: optional(seq) }),
  system: object({ event: text, actorId: id }),
};
const content = (value, path) => {
  object({ kind: oneOf(...Object.keys(contentKinds)) })(value, path);
  contentKinds[value.kind](value, path);
};

const retention = object({ mode: oneOf("permanent", "disappearing", "untilDelivered") });
const member = object({ userId: id, role: oneOf("owner", "admin", "member"), deliveredSeq: count,
  readSeq: optional(count) });
const message = object({ conversationId: id, seq, messageId: id, clientMessageId: optional(id), senderId: id,
  sentAt: time, content, expiresAt: optional(time), editedAt: optional(time),
  reactions: optional(list(object({ emoji: text, userIds: list(id) }))) });
const conversation = object({ conversationId: id, kind: oneOf("direct", "group"), title: optional(text),
  memberCount: seq, members: optional(list(member)), lastSeq: count, lastMessage: optional(message), version: id,
  unread: count, readSeq: count, deliveredSeq: count, retention, joinedSeq: seq, leftSeq: optional(seq) });
const range = { fromSeq: seq, toSeq: seq };

const shapes = {
  account: object({ userId: id, username: text, displayName: text }),
  token: object({ accessToken: id, tokenType: oneOf("Bearer"), expiresIn: seq, userId: id }),
  problem: object({ type: optional(text), title: optional(text), status: seq, code: id, retryable: flag }),
  refusal: object({ code: id, message: text, retryable: flag, retryAfterMs: optional(count) }),
  ack: object({ conversationId: id, seq, messageId: id, sentAt: time, duplicate: flag }),
  message,
  conversation,
  watermarks: object({ deliveredSeq: count, readSeq: count }),
  receipt: object({ conversationId: id, userId: id, deliveredSeq: count, readSeq: count, at: time }),
  receipts: object({ members: list(object({ userId: id, deliveredAt: optional(time), readAt: optional(time) })),
    deliveredCount: count, readCount: count, memberCount: count }),
  conversationPage: object({ conversations: list(conversation), nextCursor: optional(text) }),
  memberPage: object({ members: list(member), nextCursor: optional(text) }),
  history: object({ messages: list(message), gone: optional(list(object(range))), hasMore: flag }),
  resumed: object({ conversations: list(conversation), messages: list(message),
    gone: optional(list(object({ conversationId: id, ...range }))), truncated: list(id) }),
};

export function expectShape(name, value) {
  shapes[name](value, name);
  return value;
}
