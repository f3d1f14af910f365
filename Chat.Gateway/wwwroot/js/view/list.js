import { wordsFor } from "../errors.js";
import { wordsOf, wordsOfEntry } from "../timeline.js";
import { byId, drawKeyed, element, oneAtATime, setText } from "./dom.js";

// The conversations of the user, newest activity first, with their unread counts.
export class ListView {
  #conversations;
  #people;
  #sentences;
  #openedId;
  #open;

  constructor({ conversations, people, sentences, openedId, open, openByName }) {
    this.#conversations = conversations;
    this.#people = people;
    this.#sentences = sentences;
    this.#openedId = openedId;
    this.#open = open;
    // Of two questions at once the slower answer would win.
    const ask = oneAtATime(byId("open-chat-button"), async () => {
      setText(byId("open-chat-error"), "");
      try {
        await openByName(byId("peer").value.trim());
        byId("peer").value = "";
      } catch (error) {
        setText(byId("open-chat-error"), wordsFor(error));
      }
    });
    byId("open-chat").addEventListener("submit", (event) => {
      event.preventDefault();
      ask();
    });
  }

  draw() {
    const all = this.#conversations.newestFirst;
    drawKeyed(byId("conversations"), all, (conversation) => conversation.id,
      (conversation) => this.#create(conversation), (child, conversation) => this.#update(child, conversation));
    byId("no-conversations").hidden = all.length > 0 || !this.#conversations.isListed;
    const unread = all.reduce((sum, conversation) => sum + conversation.unread, 0);
    document.title = unread > 0 ? `(${unread}) Chat` : "Chat";
  }

  #create(conversation) {
    const item = document.createElement("li");
    const button = element("button", "conversation");
    button.type = "button";
    button.append(element("span", "name"), element("span", "last"), element("span", "unread"));
    button.addEventListener("click", () => this.#open(conversation));
    item.append(button);
    return item;
  }

  #update(item, conversation) {
    const [button] = item.children;
    const [name, last, unread] = button.children;
    button.dataset.conversationId = conversation.id;
    button.setAttribute("aria-current", String(conversation.id === this.#openedId()));
    setText(name, titleOf(conversation, this.#people));
    setText(last, this.#lastWordsOf(conversation));
    setText(unread, String(conversation.unread));
    unread.setAttribute("aria-label", `${conversation.unread} unread`);
    unread.hidden = conversation.unread === 0;
  }

  // What was said last. Of a log of which nothing is held yet the server tells the last entry, a reaction as it may be.
  #lastWordsOf({ timeline, snapshot: { lastMessage } }) {
    const line = timeline.at(-1);
    if (line) {
      return wordsOf(line, this.#sentences);
    }
    return lastMessage ? wordsOfEntry(lastMessage, this.#sentences) : "";
  }
}

export function titleOf(conversation, people) {
  if (conversation.snapshot.title) {
    return conversation.snapshot.title;
  }
  const names = conversation.others.map((member) => people.nameOf(member.userId));
  return names.length > 0 ? names.join(", ") : "Notes to myself";
}
