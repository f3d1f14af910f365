import { isAdmin } from "./roles.js";
import { Roster } from "./roster.js";
import { timelineOf } from "./timeline.js";

const SAID = new Set(["text", "image"]);
// Of a long log in which nobody reads back, so much stays.
const KEPT = 500;

// One conversation as this tab holds it.
//
// Invariants: every seq from `from` to `to` is in `entries` or in `gone`, so `to` is the cursor that Resume is asked
// with; watermarks only rise, and no snapshot gives way to an older one, whatever order pushes and answers come in.
export class Conversation {
  entries = new Map();
  gone = [];
  roster = new Roster();
  // Somebody reads back in it: nothing of it is let go.
  isReadBack = false;
  #marks = new Map();
  #counted = { deliveredSeq: 0, readSeq: 0 };
  #timeline = null;
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
    return this.from > this.firstSeq;
  }

  // What lies before it is not this reader's.
  get firstSeq() {
    return Math.max(1, this.snapshot.joinedSeq ?? 1);
  }

  get others() {
    const userIds = this.roster.isWhole ? this.roster.userIds : [...this.#marks.keys()];
    return userIds.filter((userId) => userId !== this.userId)
      .map((userId) => this.#marks.get(userId) ?? { userId, deliveredSeq: 0, readSeq: 0 });
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

  get role() {
    return this.roster.isWhole ? this.roster.roleOf(this.userId) : this.snapshot.role;
  }

  get maySend() {
    return !this.hasLeft && !(this.snapshot.onlyAdminsSend && !isAdmin(this.role));
  }

  // Adding members, removing them, and deleting what they said.
  get mayManage() {
    return this.isGroup && !this.hasLeft && isAdmin(this.role);
  }

  // A text or picture that is still there; the log of whoever has left is closed.
  mayReactTo({ seq, kind }) {
    return !this.hasLeft && seq !== undefined && SAID.has(kind);
  }

  // Taking back is no send: it goes where only admins send, too. What others said is the admins' of a group.
  mayDelete(line) {
    return this.mayReactTo(line) && (line.senderId === this.userId || this.mayManage);
  }

  mayReplyTo(line) {
    return this.maySend && this.mayReactTo(line);
  }

  mayEdit(line) {
    return this.mayReplyTo(line) && line.senderId === this.userId;
  }

  // What a reader sees of it; made anew only after something in it changed.
  get timeline() {
    this.#timeline ??= timelineOf(this);
    return this.#timeline;
  }

  // Derived from the log as far as it is held, on top of what the server counted in its last snapshot.
  get unread() {
    const isUnread = ({ seq, senderId, kind }) =>
      seq > this.#countedTo && senderId !== this.userId && SAID.has(kind);
    const counted = this.#isSnapshotRead ? 0 : this.snapshot.unread;
    return this.lastSeq > this.#countedTo ? counted + this.timeline.filter(isUnread).length : counted;
  }

  // The tick of an own message: sent, delivered or read, by everybody else.
  statusOf(seq) {
    if (this.#haveAll("readSeq", seq)) {
      return "read";
    }
    return this.#haveAll("deliveredSeq", seq) ? "delivered" : "sent";
  }

  absorb(snapshot) {
    if (!(snapshot.lastSeq < this.snapshot?.lastSeq)) {
      this.#reopen(snapshot);
      this.snapshot = snapshot;
      this.roster.countAs(snapshot.memberCount, snapshot.lastSeq);
      if (snapshot.members) {
        this.listMembers(snapshot.members, snapshot.lastSeq);
      }
    }
    this.lastSeq = Math.max(this.lastSeq, snapshot.lastSeq);
    this.lastActivity = laterOf(this.lastActivity, snapshot.lastMessage?.sentAt);
    for (const member of snapshot.members ?? []) {
      this.advance(member.userId, member);
    }
    this.advance(this.userId, snapshot);
    this.#timeline = null;
  }

  // As they were at `seq`; what the log has after that is done once more.
  listMembers(members, seq) {
    this.roster.list(members, seq);
    for (let later = seq + 1; later <= this.to; later++) {
      this.#applyToRoster(later);
    }
  }

  add(message) {
    this.entries.set(message.seq, message);
    this.lastSeq = Math.max(this.lastSeq, message.seq);
    this.lastActivity = laterOf(this.lastActivity, message.sentAt);
    this.#stretch();
  }

  addGone(range) {
    if (!this.gone.some(({ fromSeq, toSeq }) => fromSeq <= range.fromSeq && range.toSeq <= toSeq)) {
      this.gone.push(range);
    }
    this.#stretch();
  }

  isGone(seq) {
    return this.gone.some((range) => range.fromSeq <= seq && seq <= range.toSeq);
  }

  // Lets the older part of a log that has grown long go: it is there as earlier messages. What is unread is counted
  // from the entries and stays.
  trim() {
    const from = this.to - KEPT + 1;
    if (this.isReadBack || from - this.from < KEPT || (from > this.#countedTo && this.unread > 0)) {
      return;
    }
    for (let seq = this.from; seq < from; seq++) {
      this.entries.delete(seq);
    }
    this.gone = this.gone.filter((range) => range.toSeq >= from);
    this.from = from;
    this.#timeline = null;
  }

  advance(userId, { deliveredSeq = 0, readSeq = 0 }) {
    const member = this.#marks.get(userId) ?? { userId, deliveredSeq: 0, readSeq: 0 };
    member.readSeq = Math.max(member.readSeq, readSeq);
    member.deliveredSeq = Math.max(member.deliveredSeq, deliveredSeq, member.readSeq);
    this.#marks.set(userId, member);
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
    const isWhole = others.length > 0 && others.length >= this.roster.count - 1;
    return this.#counted[mark] >= seq || (isWhole && others.every((member) => member[mark] >= seq));
  }

  get #isSnapshotRead() {
    return this.readSeq > this.snapshot.readSeq;
  }

  // Up to there the server counted what is unread.
  get #countedTo() {
    return this.#isSnapshotRead ? this.readSeq : this.snapshot.lastSeq;
  }

  // History that was opened to this reader was called gone before that.
  #reopen({ joinedSeq = 1 }) {
    if (this.snapshot && joinedSeq < this.firstSeq) {
      this.from = Math.max(this.from, this.firstSeq);
      this.gone = this.gone.filter((range) => range.toSeq >= this.from);
    }
  }

  #stretch() {
    while (this.#holds(this.to + 1)) {
      this.to++;
      const entry = this.entries.get(this.to);
      if (entry && entry.senderId !== this.userId) {
        this.foreignSeq = this.to;
      }
      this.#applyToRoster(this.to);
    }
    while (this.from > 1 && this.#holds(this.from - 1)) {
      this.from--;
    }
    this.#timeline = null;
  }

  #applyToRoster(seq) {
    const entry = this.entries.get(seq);
    if (entry?.content.kind === "system") {
      this.roster.apply(entry);
    }
  }

  #holds(seq) {
    return this.entries.has(seq) || this.isGone(seq);
  }
}

function laterOf(one, other = "") {
  return one > other ? one : other;
}
