import { wordsForMembers, wordsForPresence, wordsForTyping } from "../status.js";
import { byId, setText } from "./dom.js";
import { titleOf } from "./list.js";

// The head of the open chat: its name, and under it who is typing, online, or was seen when.
export class HeadView {
  #people;
  #presences;
  #typists;

  constructor({ people, presences, typists }) {
    this.#people = people;
    this.#presences = presences;
    this.#typists = typists;
  }

  draw(conversation) {
    if (!conversation) {
      return;
    }
    setText(byId("chat-title"), titleOf(conversation, this.#people));
    const typing = this.#typists.in(conversation.id);
    const status = byId("chat-status");
    status.classList.toggle("typing", typing.length > 0);
    setText(status, typing.length > 0 ? this.#typingIn(conversation, typing) : this.#restOf(conversation));
  }

  #typingIn(conversation, userIds) {
    return wordsForTyping(conversation.isGroup ? userIds.map((userId) => this.#people.nameOf(userId)) : []);
  }

  #restOf(conversation) {
    return conversation.isGroup
      ? wordsForMembers(conversation, (userId) => this.#people.nameOf(userId))
      : wordsForPresence(this.#presences.of(conversation.peerId));
  }
}
