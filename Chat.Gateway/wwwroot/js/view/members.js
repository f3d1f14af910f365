import { ChatError, wordsFor } from "../errors.js";
import { mayRemove, rolesToGive } from "../roles.js";
import { byId, drawKeyed, setText, setWaiting } from "./dom.js";
import { createMember, updateMember } from "./member.js";
import { usernamesIn } from "./usernames.js";

const LOST = "The connection was lost. Once it is back, this list shows whether it was done.";
const WORDS = {
  forbidden: "Your role in this group does not allow that any more.",
  invalid: "That person is no longer a member.",
  blocked: "One of them does not want to be added by you.",
};
const GIVING_UP = "Give up being an owner? Only another owner can make you one again.";
const GIVE = { owner: "Make owner", admin: "Make admin", member: "Make member" };

// Who is in the open group and in which role, and what the reader may do about it. What can't be taken back by himself
// is asked once more.
export class MembersView {
  #conversations;
  #groups;
  #people;
  #conversation = null;
  #isAsking = false;
  // The member whose deeds are shown, and the one of them that is to be confirmed.
  #chosen = null;
  #doubted = null;

  constructor({ conversations, groups, people }) {
    this.#conversations = conversations;
    this.#groups = groups;
    this.#people = people;
    byId("members").addEventListener("toggle", () => this.#toggle());
    byId("member-list").addEventListener("click", ({ target }) => this.#press(target.closest("[data-deed]")));
    byId("add-members").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#add();
    });
  }

  open(conversation) {
    this.#conversation = conversation;
    byId("members").open = false;
    byId("add-members").reset();
  }

  draw() {
    const isOffered = Boolean(this.#conversation?.isGroup && !this.#conversation.hasLeft);
    const menu = byId("members");
    const isInHand = menu.contains(document.activeElement);
    const more = document.activeElement.closest("[data-user-id]")?.querySelector("[data-deed=more]");
    menu.hidden = !isOffered;
    menu.open &&= isOffered;
    if (menu.open) {
      this.#drawPanel();
    }
    if (isInHand && !(menu.contains(document.activeElement) && document.activeElement.checkVisibility())) {
      [more, menu.querySelector("summary"), byId("log")]
        .find((next) => next?.isConnected && next.checkVisibility()).focus();
    }
  }

  #drawPanel() {
    const { roster, mayManage } = this.#conversation;
    byId("add-members").hidden = !mayManage;
    setWaiting(byId("add-members-button"), this.#isAsking);
    byId("no-members").hidden = roster.isWhole;
    const members = roster.isWhole ? roster.ranked((userId) => this.#people.nameOf(userId)) : [];
    drawKeyed(byId("member-list"), members.map((member) => this.#shown(member)), ({ userId }) => userId,
      createMember, updateMember);
  }

  #shown({ userId, role, name }) {
    const deeds = this.#deedsOn(userId);
    const isChosen = userId === this.#chosen && deeds.length > 0;
    const waits = this.#isAsking;
    const doubted = isChosen && deeds.find(({ deed }) => deed === this.#doubted);
    return {
      userId,
      role,
      name: this.#isReader(userId) ? `${name} (you)` : name,
      mayBeChosen: deeds.length > 0,
      isChosen,
      question: doubted ? this.#questionOf(doubted, name) : "",
      deeds: doubted
        ? [{ ...doubted, deed: "sure", waits }, { deed: "keep", label: "No" }]
        : isChosen ? deeds.map((deed) => ({ ...deed, waits })) : [],
    };
  }

  #deedsOn(userId) {
    const deeds = rolesToGive(this.#conversation, userId)
      .map((role) => ({ deed: role, label: GIVE[role], isGrave: this.#isReader(userId) }));
    const removal = { deed: "remove", label: "Remove", isGrave: true };
    return mayRemove(this.#conversation, userId) ? [...deeds, removal] : deeds;
  }

  #questionOf({ deed }, name) {
    return deed === "remove" ? `Remove ${name} from the group?` : GIVING_UP;
  }

  #isReader(userId) {
    return userId === this.#conversation.userId;
  }

  #toggle() {
    setText(byId("members-result"), "");
    this.#choose(null);
    if (byId("members").open) {
      this.#list();
    }
  }

  async #list() {
    const conversation = this.#conversation;
    try {
      await this.#conversations.listMembers(conversation);
    } catch (error) {
      this.#say(conversation, wordsFor(error));
    }
  }

  #press(button) {
    const row = button?.closest("[data-user-id]");
    const userId = row?.dataset.userId;
    const deed = button?.dataset.deed;
    switch (deed) {
      case undefined:
        return;
      case "more":
        this.#choose(userId === this.#chosen ? null : userId);
        return;
      case "keep":
        this.#choose(null);
        return;
      case "sure":
        this.#act(userId, this.#doubted);
        return;
    }
    if (this.#deedsOn(userId).find((offered) => offered.deed === deed)?.isGrave) {
      this.#choose(userId, deed);
      // Who strikes a key once too often changes nothing.
      row.querySelector("[data-deed=keep]").focus();
    } else {
      this.#act(userId, deed);
    }
  }

  #act(userId, deed) {
    return this.#ask("", async ({ id }) => {
      await (deed === "remove"
        ? this.#conversations.removeMember(id, userId)
        : this.#conversations.setRole(id, userId, deed));
      if (userId === this.#chosen) {
        this.#choose(null);
      }
    });
  }

  #add() {
    const field = byId("new-members");
    return this.#ask("Added.", async (conversation) => {
      const names = field.value;
      await this.#groups.add(conversation, usernamesIn(names));
      if (field.value === names) {
        field.value = "";
      }
    });
  }

  #choose(userId, deed = null) {
    this.#chosen = userId;
    this.#doubted = deed;
    this.draw();
  }

  // One at a time, and what waits for it says so; a disabled button would lose the focus. After a refusal the list may
  // not be as it is shown.
  async #ask(done, deed) {
    if (this.#isAsking) {
      return;
    }
    this.#isAsking = true;
    this.draw();
    const conversation = this.#conversation;
    let result = done;
    setText(byId("members-result"), "");
    try {
      await deed(conversation);
    } catch (error) {
      result = error instanceof ChatError ? WORDS[error.code] ?? wordsFor(error) : LOST;
      this.#conversations.synchronise();
    }
    this.#isAsking = false;
    this.draw();
    this.#say(conversation, result);
  }

  // Who has gone to another chat meanwhile is not told.
  #say(conversation, words) {
    if (conversation === this.#conversation) {
      setText(byId("members-result"), words);
    }
  }
}
