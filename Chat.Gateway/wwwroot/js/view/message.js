import { createActions, updateActions } from "./actions.js";
import { element, setText } from "./dom.js";
import { updateFailure } from "./failure.js";
import { createQuote, updateQuote } from "./quote.js";

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
  about.append(element("span", "reactions"), element("span", "pending"), element("span", "edited"),
    element("time", "time"), element("span", "ticks"), createActions());
  item.append(element("div", "sender"), createQuote(), element("div", "body"), about);
  return item;
}

// Where it is clear to the eye who said it, the sender is for the ears alone.
export function updateMessage(item, line) {
  const [sender, quote, body, about] = item.children;
  const [reactions, pending, edited, time, ticks, actions] = about.children;
  item.classList.toggle("own", line.isOwn && line.kind !== "system");
  item.classList.toggle("system", line.kind === "system");
  item.classList.toggle("gone", line.kind === "deleted");
  item.dataset.seq = line.seq ?? "";
  item.dataset.status = line.status;
  setText(sender, line.sender);
  sender.classList.toggle("visually-hidden", !line.isNamed);
  updateQuote(quote, line.quote);
  setText(body, line.text);
  setText(reactions, wordsForReactions(line.reactions));
  setText(pending, line.pending);
  setText(edited, line.editedAt ? "edited" : "");
  time.dateTime = line.sentAt;
  setText(time, wordsForTime(new Date(line.sentAt), new Date()));
  setText(ticks, TICKS[line.status] ?? "");
  // Without a role its label is nobody's: delivered and read are the same sign in two colours.
  ticks.setAttribute("role", "img");
  ticks.setAttribute("aria-label", line.status);
  ticks.title = line.status === "failed" ? line.failure.words : line.status;
  updateActions(actions, line.hasActions);
  updateFailure(item, line.failure);
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
