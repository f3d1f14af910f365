const SAID = new Set(["text", "image"]);
const ADMINS = new Set(["owner", "admin"]);

// One conversation as this tab holds it.
//
// Invariants: every seq from `from` to `to` is in `entries` or in `gone`, so `to` is the cursor that Resume is asked
// with; watermarks only rise, whatever order pushes and answers come in.
export class Conversation {
  entries = new Map();
  gone = [];
  members = new Map();
  #counted = { deliveredSeq: 0, readSeq: 0 };
  deliveredSeq = 0;
  readSeq = 0;
  lastSeq = 0;
  lastActivity = "";
  // The newest contiguous entry of somebody else: own sends are not marked as delivered.
  foreignSeq = 0;

  constructor(snapshot, userId) {
    this.id = snapshot.conversationId;
    this.userId = userId;
    this.to = snapshot.deliveredSeq;
    this.from = this.to + 1;
    this.absorb(snapshot);
  }

  get isBehind() {
    return this.to < this.lastSeq;
  }

  get hasEarlier() {
    return this.from > Math.max(1, this.snapshot.joinedSeq ?? 1);
  }

  get others() {
    return [...this.members.values()].filter((member) => member.userId !== this.userId);
  }

  // The other one of a direct chat; null in a group and with oneself.
  get peerId() {
    return this.snapshot.kind === "direct" ? this.others[0]?.userId ?? null : null;
  }

  get isGroup() {
    return this.snapshot.kind === "group";
  }

  get hasLeft() {
    return (this.snapshot.leftSeq ?? null) !== null;
  }

  get maySend() {
    return !this.hasLeft && !(this.snapshot.onlyAdminsSend && this.snapshot.role === "member");
  }

  // A text or picture that is still there; the log of whoever has left is closed.
  mayReactTo({ seq, kind }) {
    return !this.hasLeft && seq !== undefined && SAID.has(kind);
  }

  // Taking back is no send: it goes where only admins send, too. What others said is the admins' of a group.
  mayDelete(line) {
    const isOnesOwn = line.senderId === this.userId;
    return this.mayReactTo(line) && (isOnesOwn || (this.isGroup && ADMINS.has(this.snapshot.role)));
  }

  mayReplyTo(line) {
    return this.maySend && this.mayReactTo(line);
  }

  mayEdit(line) {
    return this.mayReplyTo(line) && line.senderId === this.userId;
  }

  // Derived from the log as far as it is held, on top of what the server counted in its last snapshot.
  get unread() {
    const isSnapshotStale = this.readSeq > this.snapshot.readSeq;
    let count = isSnapshotStale ? 0 : this.snapshot.unread;
    for (let seq = (isSnapshotStale ? this.readSeq : this.snapshot.lastSeq) + 1; seq <= this.lastSeq; seq++) {
      const entry = this.entries.get(seq);
      if (entry && entry.senderId !== this.userId && SAID.has(entry.content.kind)) {
        count++;
      }
    }
    return count;
  }

  // The tick of an own message: sent, delivered or read, by everybody else.
  statusOf(seq) {
    if (this.#haveAll("readSeq", seq)) {
      return "read";
    }
    return this.#haveAll("deliveredSeq", seq) ? "delivered" : "sent";
  }

  absorb(snapshot) {
    this.snapshot = snapshot;
    this.lastSeq = Math.max(this.lastSeq, snapshot.lastSeq);
    this.lastActivity = laterOf(this.lastActivity, snapshot.lastMessage?.sentAt);
    if (snapshot.members) {
      const present = new Set(snapshot.members.map((member) => member.userId));
      this.others.forEach(({ userId }) => present.has(userId) || this.members.delete(userId));
    }
    for (const member of snapshot.members ?? []) {
      this.advance(member.userId, member);
    }
    this.advance(this.userId, snapshot);
  }

  add(message) {
    this.entries.set(message.seq, message);
    this.lastSeq = Math.max(this.lastSeq, message.seq);
    this.lastActivity = laterOf(this.lastActivity, message.sentAt);
    this.#stretch();
  }

  addGone(range) {
    this.gone.push(range);
    this.#stretch();
  }

  advance(userId, { deliveredSeq = 0, readSeq = 0 }) {
    const member = this.members.get(userId) ?? { userId, deliveredSeq: 0, readSeq: 0 };
    member.readSeq = Math.max(member.readSeq, readSeq);
    member.deliveredSeq = Math.max(member.deliveredSeq, deliveredSeq, member.readSeq);
    this.members.set(userId, member);
    if (userId === this.userId) {
      this.readSeq = member.readSeq;
      this.deliveredSeq = member.deliveredSeq;
    }
  }

  // A large group's server counts for the author instead of telling each member's marks.
  addCounts({ seq, deliveredCount, readCount, memberCount }) {
    if (deliveredCount >= memberCount) {
      this.#counted.deliveredSeq = Math.max(this.#counted.deliveredSeq, seq);
    }
    if (readCount >= memberCount) {
      this.#counted.readSeq = Math.max(this.#counted.readSeq, seq);
    }
  }

  #haveAll(mark, seq) {
    const { others } = this;
    const isWhole = others.length > 0 && others.length >= this.snapshot.memberCount - 1;
    return this.#counted[mark] >= seq || (isWhole && others.every((member) => member[mark] >= seq));
  }

  #stretch() {
    while (this.#holds(this.to + 1)) {
      this.to++;
      const entry = this.entries.get(this.to);
      if (entry && entry.senderId !== this.userId) {
        this.foreignSeq = this.to;
      }
    }
    while (this.from > 1 && this.#holds(this.from - 1)) {
      this.from--;
    }
  }

  #holds(seq) {
    return this.entries.has(seq) || this.gone.some((range) => range.fromSeq <= seq && seq <= range.toSeq);
  }
}

function laterOf(one, other = "") {
  return one > other ? one : other;
}
