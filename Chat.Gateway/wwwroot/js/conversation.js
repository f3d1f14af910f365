const COUNTED_AS_UNREAD = new Set(["text", "image"]);

// One conversation as this tab holds it.
//
// Invariants: every seq from `from` to `to` is in `entries` or in `gone`, so `to` is the cursor that Resume is asked
// with; watermarks only rise, whatever order pushes and answers come in.
export class Conversation {
  entries = new Map();
  gone = [];
  members = new Map();
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

  // Derived from the log as far as it is held, on top of what the server counted in its last snapshot.
  get unread() {
    const isSnapshotStale = this.readSeq > this.snapshot.readSeq;
    let count = isSnapshotStale ? 0 : this.snapshot.unread;
    for (let seq = (isSnapshotStale ? this.readSeq : this.snapshot.lastSeq) + 1; seq <= this.lastSeq; seq++) {
      const entry = this.entries.get(seq);
      if (entry && entry.senderId !== this.userId && COUNTED_AS_UNREAD.has(entry.content.kind)) {
        count++;
      }
    }
    return count;
  }

  // The tick of an own message: sent, delivered or read, by everybody else.
  statusOf(seq) {
    const others = this.others;
    if (others.length === 0) {
      return "sent";
    }
    if (others.every((member) => member.readSeq >= seq)) {
      return "read";
    }
    return others.every((member) => member.deliveredSeq >= seq) ? "delivered" : "sent";
  }

  absorb(snapshot) {
    this.snapshot = snapshot;
    this.lastSeq = Math.max(this.lastSeq, snapshot.lastSeq);
    this.lastActivity = laterOf(this.lastActivity, snapshot.lastMessage?.sentAt);
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
