const ROLES = { owner: "an owner", admin: "an admin", member: "a member" };

// What a system entry or a change of a message says, as a sentence about the people in it; of oneself it says "you".
export class Sentences {
  #people;
  #userId;

  constructor(people, userId) {
    this.#people = people;
    this.#userId = userId;
  }

  of(content) {
    return `${this.#name(content.actorId, "You")} ${this.#deed(content)}`;
  }

  ofChange(senderId, content) {
    return `${this.#name(senderId, "You")} ${changeDone(content)}`;
  }

  #deed(content) {
    switch (content.event) {
      case "created":
        return `created the group “${content.title}”`;
      case "membersAdded":
        return `added ${this.#names(content)}`;
      case "memberRemoved":
        return `removed ${this.#names(content)}`;
      case "memberLeft":
        return "left";
      case "memberJoined":
        return "joined by an invite";
      case "roleChanged":
        return `made ${this.#names(content)} ${ROLES[content.role] ?? content.role}`;
      case "titleChanged":
        return `named the group “${content.title}”`;
      case "descriptionChanged":
        return "changed the group’s description";
      case "pictureChanged":
        return "changed the group’s picture";
      case "historyVisibilityChanged":
        return content.historyVisibility === "full"
          ? "opened the history to new members"
          : "closed the history to new members";
      case "onlyAdminsSendChanged":
        return content.onlyAdminsSend ? "allowed only admins to send" : "allowed all members to send";
      default:
        return "changed the group";
    }
  }

  #names({ userIds = [] }) {
    return userIds.map((userId) => this.#name(userId, "you")).join(", ");
  }

  #name(userId, you) {
    return userId === this.#userId ? you : this.#people.nameOf(userId);
  }
}

function changeDone({ kind, emoji, text }) {
  switch (kind) {
    case "edit":
      return `edited a message: ${text}`;
    case "delete":
      return "deleted a message";
    default:
      return emoji ? `reacted ${emoji} to a message` : "took a reaction back";
  }
}
