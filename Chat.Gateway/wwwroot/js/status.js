const TYPISTS_NAMED_MAX = 2;
const MEMBERS_NAMED_MAX = 8;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });

// Of whoever hides it there is nothing to say.
export function wordsForPresence(presence, now = new Date()) {
  if (presence?.online) {
    return "online";
  }
  return presence?.lastSeen ? `last seen ${wordsForTime(new Date(presence.lastSeen), now)}` : "";
}

export function wordsForMembers({ roster, maySend, others, hasLeft }, nameOf) {
  if (hasLeft) {
    return "you are no longer a member";
  }
  const members = others.length < MEMBERS_NAMED_MAX && roster.isWhole
    ? [...others.map(({ userId }) => nameOf(userId)).sort(), "you"].join(", ")
    : `${roster.count} members`;
  return maySend ? members : `${members} · only admins send`;
}

// In a direct chat it is clear who.
export function wordsForTyping(names) {
  if (names.length > TYPISTS_NAMED_MAX) {
    return `${names.length} people are typing…`;
  }
  return names.length === 0 ? "typing…" : `${names.join(" and ")} ${names.length === 1 ? "is" : "are"} typing…`;
}

function wordsForTime(at, now) {
  return `${wordsForDay(at, now)} at ${clock.format(at)}`;
}

function wordsForDay(at, now) {
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (at.toDateString() === now.toDateString()) {
    return "today";
  }
  return at.toDateString() === yesterday.toDateString() ? "yesterday" : date.format(at);
}
