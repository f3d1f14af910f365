import { byId } from "./dom.js";

const narrow = matchMedia("(max-width: 40rem)");

// On a narrow screen there is room for the list or for a chat. There a chat is a step in the browser's history: the
// back button, and the hand that wipes from the edge, lead to the list and not out of the page.
export class NarrowScreen {
  #enter;

  // `enter` is told that the chat that was left last is entered again.
  constructor(enter) {
    this.#enter = enter;
    byId("back").addEventListener("click", () => isInChat() ? history.back() : this.#showList());
    addEventListener("popstate", () => {
      if (isInChat() && !byId("open").hidden) {
        showChat();
        this.#enter();
      } else {
        this.#showList();
      }
    });
    // A page that is loaded anew begins with the list.
    if (isInChat()) {
      history.back();
    }
  }

  open() {
    if (narrow.matches && !isInChat()) {
      history.pushState({ isInChat: true }, "");
    }
    showChat();
  }

  #showList() {
    byId("app").classList.remove("in-chat");
    document.querySelector("[aria-current=true]")?.focus();
  }
}

function isInChat() {
  return Boolean(history.state?.isInChat);
}

function showChat() {
  byId("app").classList.add("in-chat");
}
