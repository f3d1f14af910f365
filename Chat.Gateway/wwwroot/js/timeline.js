// What a reader sees of a conversation's entries: edits, deletions and reactions fold into the message they are about.
// Folding starts from the entries as served, so that it comes to the same whether they were pushed or read back.
export function timelineOf(conversation) {
  const lines = new Map();
  const entries = entriesOf(conversation);
  const tombstones = tombstonesAmong(entries, conversation);
  for (const entry of entries) {
    if (entry.content.kind !== "deleted" || tombstones.has(entry.seq)) {
      fold(lines, entry);
    }
  }
  return [...lines.values()];
}

// What the reader himself said stands there from the answer on, though others' entries before it are still to come.
function entriesOf({ entries, from, to, userId }) {
  const isShown = ({ seq, senderId }) => seq >= from && (seq <= to || senderId === userId);
  return [...entries.values()].filter(isShown).sort((one, other) => one.seq - other.seq);
}

// A message and each edit of it are served as "deleted"; the deletion, which comes later in the log, names the message.
// Who has left may not read the deletions after that: there an edit is known by the message that it names itself.
function tombstonesAmong(entries, { hasLeft }) {
  const of = (kind) => entries.filter(({ content }) => content.kind === kind);
  const isMessage = ({ content }) => !content.targetSeq;
  return new Set(hasLeft
    ? of("deleted").filter(isMessage).map(({ seq }) => seq)
    : of("delete").map(({ content }) => content.targetSeq));
}

function fold(lines, entry) {
  const { content } = entry;
  const target = lines.get(content.targetSeq);
  switch (content.kind) {
    case "edit":
      if (target && target.kind !== "deleted" && !(target.editedAt >= entry.sentAt)) {
        Object.assign(target, { text: content.text, editedAt: entry.sentAt });
      }
      break;
    case "delete":
      if (target) {
        Object.assign(target, { kind: "deleted", text: "", replyTo: undefined, editedAt: undefined,
          reactions: new Map() });
      }
      break;
    case "reaction":
      react(target, entry.senderId, content.emoji);
      break;
    default:
      lines.set(entry.seq, lineOf(entry));
  }
}

function lineOf({ seq, senderId, clientMessageId, sentAt, editedAt, content, reactions = [] }) {
  const byUser = new Map(reactions.flatMap(({ emoji, userIds }) => userIds.map((userId) => [userId, emoji])));
  return { seq, senderId, clientMessageId, sentAt, editedAt, kind: content.kind, content,
    text: textOf(content), replyTo: content.replyTo, reactions: byUser };
}

function react(target, userId, emoji) {
  if (!target || target.kind === "deleted") {
    return;
  }
  if (emoji) {
    target.reactions.set(userId, emoji);
  } else {
    target.reactions.delete(userId);
  }
}

// What a line says, whatever its kind.
export function wordsOf(line, sentences) {
  switch (line.kind) {
    case "system":
      return sentences.of(line.content);
    case "deleted":
      return textOf(line);
    default:
      return line.text;
  }
}

// What an entry says by itself, where the message that it may be about is not held.
export function wordsOfEntry({ senderId, content }, sentences) {
  switch (content.kind) {
    case "system":
      return sentences.of(content);
    case "edit":
    case "delete":
    case "reaction":
      return sentences.ofChange(senderId, content);
    default:
      return textOf(content);
  }
}

// One line of plain words for what can be said.
function textOf(content) {
  switch (content.kind) {
    case "text":
      return content.text;
    case "image":
      return content.text ? `🖼 ${content.text}` : "🖼 Picture";
    case "deleted":
      return "This message was deleted";
    default:
      return "";
  }
}
