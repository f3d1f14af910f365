import { element, setText } from "./dom.js";

const TICKS = { sending: "◷", sent: "✓", delivered: "✓✓", read: "✓✓", failed: "not sent" };
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const dateAndClock = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit",
  minute: "2-digit" });

// An own message keeps its element when it gets its place in the log: the tick changes, nothing jumps.
export function keyOf({ senderId, clientMessageId, seq }) {
  return clientMessageId ? `${senderId} ${clientMessageId}` : seq;
}

export function createMessage() {
  const item = element("li", "message");
  const about = element("div", "about");
  about.append(element("span", "reactions"), element("span", "edited"), element("time", "time"),
    element("span", "ticks"));
  item.append(element("div", "sender"), element("div", "body"), about);
  return item;
}

// `line.sender` is empty where it is clear who said it.
export function updateMessage(item, line) {
  const [sender, body, about] = item.children;
  const [reactions, edited, time, ticks] = about.children;
  item.classList.toggle("own", line.isOwn && line.kind !== "system");
  item.classList.toggle("system", line.kind === "system");
  item.classList.toggle("gone", line.kind === "deleted");
  item.dataset.seq = line.seq ?? "";
  item.dataset.status = line.status;
  setText(sender, line.sender);
  setText(body, line.text);
  setText(reactions, wordsForReactions(line.reactions));
  setText(edited, line.editedAt ? "edited" : "");
  time.dateTime = line.sentAt;
  setText(time, wordsForTime(new Date(line.sentAt), new Date()));
  setText(ticks, TICKS[line.status] ?? "");
  // Without a role its label is nobody's: delivered and read are the same sign in two colours.
  ticks.setAttribute("role", "img");
  ticks.setAttribute("aria-label", line.status);
  ticks.title = line.failure ?? line.status;
  updateFailure(item, line);
}

// Each emoji once, with how many gave it.
function wordsForReactions(byUser) {
  const counts = new Map();
  byUser.forEach((emoji) => counts.set(emoji, (counts.get(emoji) ?? 0) + 1));
  return [...counts].map(([emoji, count]) => count > 1 ? `${emoji} ${count}` : emoji).join(" ");
}

function wordsForTime(at, now) {
  return (at.toDateString() === now.toDateString() ? clock : dateAndClock).format(at);
}

// Only a message that was refused has it: why, and what may be done about it.
function updateFailure(item, { clientMessageId, failure }) {
  const shown = item.querySelector(".failure");
  if (!failure) {
    shown?.remove();
    return;
  }
  const updated = shown ?? createFailure(clientMessageId);
  setText(updated.firstElementChild, failure);
  if (!shown) {
    item.append(updated);
  }
}

function createFailure(clientMessageId) {
  const failure = element("div", "failure");
  failure.append(element("span", "reason"), createButton("send-again", "Send again", clientMessageId),
    createButton("discard", "Discard", clientMessageId));
  return failure;
}

// Who draws the list hears the click: `data-action` and `data-client-message-id` say what it is about.
function createButton(action, label, clientMessageId) {
  const button = element("button", "secondary", action);
  button.type = "button";
  button.dataset.action = action;
  button.dataset.clientMessageId = clientMessageId;
  setText(button, label);
  return button;
}
