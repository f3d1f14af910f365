import { createButton, drawKeyed, element, setText, setWaiting } from "./dom.js";

const ROLES = { owner: "owner", admin: "admin" };

// One line of the member list: the name, the role, and behind a button what may be done.
export function createMember() {
  const item = element("li", "member");
  const more = createButton("member-more", "⋯");
  more.dataset.deed = "more";
  const deeds = element("div", "deeds", "member-deeds");
  item.append(element("span", "member-name"), element("span", "member-role"), more, element("p", "question"), deeds);
  return item;
}

export function updateMember(item, member) {
  const [name, role, more, question, deeds] = item.children;
  item.dataset.userId = member.userId;
  setText(name, member.name);
  setText(role, ROLES[member.role] ?? "");
  more.hidden = !member.mayBeChosen;
  more.setAttribute("aria-label", `Change ${member.name}`);
  more.setAttribute("aria-expanded", String(member.isChosen));
  setText(question, member.question);
  drawKeyed(deeds, member.deeds, ({ deed }) => deed, ({ deed }) => createButton(deed, ""), updateDeed);
}

function updateDeed(button, { deed, label, waits = false }) {
  button.dataset.deed = deed;
  button.classList.toggle("grave", deed === "sure");
  setWaiting(button, waits);
  setText(button, label);
}
