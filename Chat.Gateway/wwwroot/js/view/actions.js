import { createButton, element, setText } from "./dom.js";

const PALETTE = new Map([["👍", "Thumbs up"], ["❤️", "Heart"], ["😂", "Tears of joy"], ["😮", "Surprise"],
  ["😢", "Sadness"], ["🙏", "Thanks"]]);

// The menu at each message: empty until it is opened, so that a long log stays light.
export function createActions() {
  const menu = document.createElement("details");
  menu.className = "menu actions";
  const summary = element("summary", "more");
  setText(summary, "⋯");
  summary.setAttribute("aria-label", "React, reply and more");
  menu.append(summary);
  return menu;
}

export function updateActions(menu, isOffered) {
  menu.hidden = !isOffered;
  menu.open &&= isOffered;
}

// `optionsAt(seq)` says what may be done there, `act(deed, seq, emoji)` does it: react, reply, edit or delete.
export function offerActions(list, optionsAt, act) {
  // A toggle does not bubble.
  list.addEventListener("toggle", ({ target }) => {
    if (target.matches(".actions")) {
      target.querySelector(".panel")?.remove();
      if (target.open) {
        show(target, createPanel(optionsAt(seqOf(target))));
      }
    }
  }, { capture: true });
  list.addEventListener("click", ({ target }) => {
    const { deed, emoji } = target.dataset;
    const menu = target.closest(".actions");
    if (!menu || !deed) {
      return;
    }
    if (deed === "ask") {
      menu.querySelector(".panel").replaceWith(createQuestion());
      show(menu, menu.querySelector(".panel"));
      // Who strikes a key once too often keeps the message.
      menu.querySelector("button:last-child").focus();
      return;
    }
    // Closing takes the button away: the focus goes elsewhere before that.
    menu.querySelector("summary").focus();
    menu.open = false;
    if (deed !== "close") {
      act(deed, seqOf(menu), emoji);
    }
  });
}

function seqOf(menu) {
  return Number(menu.closest("[data-seq]").dataset.seq);
}

function show(menu, panel) {
  menu.append(panel);
  panel.scrollIntoView({ block: "nearest" });
}

function createPanel({ reaction, mayReply, mayEdit, mayDelete }) {
  const palette = element("div", "palette");
  palette.setAttribute("role", "group");
  palette.setAttribute("aria-label", "React");
  PALETTE.forEach((name, emoji) => palette.append(createReaction(emoji, name, emoji === reaction)));
  const deeds = element("div", "deeds");
  deeds.append(...[
    mayReply && createDeed("reply", "Reply"),
    mayEdit && createDeed("edit", "Edit"),
    mayDelete && createDeed("ask", "Delete…"),
  ].filter(Boolean));
  return createBox(palette, deeds);
}

// The chosen one, chosen again, is taken back.
function createReaction(emoji, name, isChosen) {
  const button = createDeed("react", emoji);
  button.dataset.emoji = isChosen ? "" : emoji;
  button.setAttribute("aria-label", name);
  button.setAttribute("aria-pressed", String(isChosen));
  return button;
}

function createQuestion() {
  const question = element("p", "question");
  setText(question, "Delete this message for everyone?");
  const deeds = element("div", "deeds");
  const sure = createDeed("delete", "Delete");
  sure.className = "grave";
  deeds.append(sure, createDeed("close", "Keep"));
  return createBox(question, deeds);
}

function createBox(...children) {
  const panel = element("div", "panel", "actions");
  panel.append(...children);
  return panel;
}

function createDeed(deed, label) {
  const button = createButton(deed, label);
  button.dataset.deed = deed;
  return button;
}
