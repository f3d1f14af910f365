export const byId = (id) => document.getElementById(id);

// An element with a class, a test id and children. Text goes in as text nodes only: nothing that a user wrote is ever
// parsed as markup.
export function element(tag, className, testId = className) {
  const made = document.createElement(tag);
  made.className = className;
  made.dataset.testid = testId;
  return made;
}

export function createButton(testId, label) {
  const button = element("button", "secondary", testId);
  button.type = "button";
  setText(button, label);
  return button;
}

export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

// A button that does nothing yet keeps the focus, which a disabled one would lose.
export function setWaiting(button, waits) {
  button.setAttribute("aria-disabled", String(waits));
}

// Under a finger a field that takes the focus throws up a keyboard over what there is to read.
export function hasKeyboard() {
  return matchMedia("(pointer: fine)").matches;
}

// Drops what is asked while an earlier asking is under way; the buttons that ask are seen to wait.
export function oneAtATime(buttons, ask) {
  let isAsking = false;
  const setAllWaiting = (waits) => [buttons].flat().forEach((button) => setWaiting(button, waits));
  return async (...words) => {
    if (isAsking) {
      return;
    }
    isAsking = true;
    setAllWaiting(true);
    try {
      await ask(...words);
    } finally {
      isAsking = false;
      setAllWaiting(false);
    }
  };
}

// Makes the children of `parent` be `items`, in order, reusing the element of each key: the focus survives.
export function drawKeyed(parent, items, keyOf, create, update) {
  const inHand = parent.contains(document.activeElement) ? document.activeElement : null;
  const old = new Map();
  for (const child of [...parent.children]) {
    old.get(child.dataset.key)?.remove();
    old.set(child.dataset.key, child);
  }
  let next = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let child = old.get(key);
    old.delete(key);
    if (!child) {
      child = create(item);
      child.dataset.key = key;
    }
    if (child === next) {
      next = next.nextElementSibling;
    } else {
      parent.insertBefore(child, next);
    }
    update(child, item);
  }
  old.forEach((child) => child.remove());
  // An element that is moved loses the focus.
  if (inHand?.isConnected && inHand !== document.activeElement) {
    inHand.focus({ preventScroll: true });
  }
}
