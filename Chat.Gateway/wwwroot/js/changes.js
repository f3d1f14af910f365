const WORDS = { edit: "saving…", delete: "deleting…", reaction: "reacting…" };

// Of the outbox: edits, deletions and reactions wait at the message that they are about, everything else below the log.
export function isChange({ content }) {
  return content.targetSeq !== undefined;
}

// A refusal goes before what is still under way: it waits for the user.
export function changeAt(seq, items) {
  const changes = items.filter(({ content }) => content.targetSeq === seq);
  return changes.find(({ failure }) => failure) ?? changes[0];
}

export function wordsForChange({ content }) {
  return WORDS[content.kind];
}
