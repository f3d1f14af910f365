import { ChatError, wordsFor } from "../errors.js";
import { byId, oneAtATime, setText } from "./dom.js";

const LOST = "The connection was lost. Once it is back, this page shows whether you left.";

// Leaves the open group. That it was left is told by the log, like everything that happens in it.
export class LeavingView {
  #conversations;
  #conversation = null;

  constructor(conversations) {
    this.#conversations = conversations;
    byId("leaving").addEventListener("toggle", () => setText(byId("leaving-result"), ""));
    byId("leave").addEventListener("click", oneAtATime(byId("leave"), () => this.#leave()));
  }

  open(conversation) {
    this.#conversation = conversation;
    byId("leaving").open = false;
  }

  draw() {
    const isOffered = Boolean(this.#conversation?.isGroup && !this.#conversation.hasLeft);
    const menu = byId("leaving");
    if (!isOffered && menu.contains(document.activeElement)) {
      byId("log").focus();
    }
    menu.hidden = !isOffered;
    menu.open &&= isOffered;
  }

  async #leave() {
    const conversation = this.#conversation;
    let result = "";
    try {
      await this.#conversations.leave(conversation.id);
    } catch (error) {
      result = error instanceof ChatError ? wordsFor(error) : LOST;
    }
    if (conversation === this.#conversation) {
      setText(byId("leaving-result"), result);
    }
  }
}
