const RANKS = ["owner", "admin", "member"];

// Who is in a conversation and in which role: as of the last snapshot or listing, and of each entry of the log after
// it. Past 64 members the server tells the others of a change in no other way.
//
// Invariants: entries come in the order of the log; one that the snapshot or listing knew already changes nothing.
export class Roster {
  #roles = new Map();
  #asOf = 0;
  #count = 0;
  #countedAt = 0;
  // Whether all members are known by name; those of a large group have to be listed first.
  isWhole = false;

  get count() {
    return this.isWhole ? this.#roles.size : this.#count;
  }

  get userIds() {
    return [...this.#roles.keys()];
  }

  // Owners, admins, members; each by name.
  ranked(nameOf) {
    return [...this.#roles].map(([userId, role]) => ({ userId, role, name: nameOf(userId) }))
      .sort((one, other) => RANKS.indexOf(one.role) - RANKS.indexOf(other.role) || one.name.localeCompare(other.name));
  }

  roleOf(userId) {
    return this.#roles.get(userId);
  }

  isLastOwner(userId) {
    return this.roleOf(userId) === "owner" && [...this.#roles.values()].filter((role) => role === "owner").length === 1;
  }

  countAs(memberCount, seq) {
    this.#count = memberCount;
    this.#countedAt = seq;
  }

  list(members, seq) {
    this.#roles = new Map(members.map(({ userId, role }) => [userId, role]));
    this.#asOf = seq;
    this.isWhole = true;
  }

  apply({ seq, content }) {
    const { come = [], gone = [], role } = changeOf(content);
    if (seq > this.#countedAt) {
      this.#count += come.length - gone.length;
      this.#countedAt = seq;
    }
    if (seq > this.#asOf) {
      come.forEach((userId) => this.#roles.set(userId, "member"));
      gone.forEach((userId) => this.#roles.delete(userId));
      if (role) {
        content.userIds.forEach((userId) => this.#roles.set(userId, role));
      }
      this.#asOf = seq;
    }
  }
}

function changeOf({ kind, event, actorId, userIds = [], role }) {
  switch (kind === "system" && event) {
    case "membersAdded":
      return { come: userIds };
    case "memberJoined":
      return { come: [actorId] };
    case "memberRemoved":
      return { gone: userIds };
    case "memberLeft":
      return { gone: [actorId] };
    case "roleChanged":
      return { role };
    default:
      return {};
  }
}
