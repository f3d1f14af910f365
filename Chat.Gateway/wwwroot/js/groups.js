import { ChatError } from "./errors.js";

// Making groups of people, and adding some, who are named by their usernames.
export class Groups {
  #api;
  #people;
  #conversations;

  constructor(api, people, conversations) {
    this.#api = api;
    this.#people = people;
    this.#conversations = conversations;
  }

  async create(title, usernames) {
    return await this.#conversations.createGroup(title, await this.#idsOf(usernames));
  }

  async add({ id }, usernames) {
    await this.#conversations.addMembers(id, await this.#idsOf(usernames));
  }

  async #idsOf(usernames) {
    const userIds = [];
    for (const username of usernames) {
      userIds.push(await this.#idOf(username));
    }
    return userIds;
  }

  async #idOf(username) {
    try {
      const user = await this.#api.userNamed(username);
      this.#people.learn(user);
      return user.userId;
    } catch (error) {
      if (error instanceof ChatError && error.code === "user_not_found") {
        throw new ChatError({ code: "member_not_found", message: `Nobody has the username “${username}”.` });
      }
      throw error;
    }
  }
}
