import { createButton, element, setText } from "./dom.js";

// Why something was refused, and what may be done about it. Only where there is a `failure` has the message a line of
// it: its words, and the clientMessageId of what was refused.
export function updateFailure(item, failure) {
  const shown = item.querySelector(".failure");
  if (!failure) {
    shown?.remove();
    return;
  }
  const updated = shown ?? createFailure();
  const [reason, ...buttons] = updated.children;
  setText(reason, failure.words);
  buttons.forEach((button) => { button.dataset.clientMessageId = failure.clientMessageId; });
  if (!shown) {
    item.append(updated);
  }
}

function createFailure() {
  const failure = element("div", "failure");
  failure.append(element("span", "reason"), createAction("send-again", "Send again"),
    createAction("discard", "Discard"));
  return failure;
}

// Who draws the list hears the click: `data-action` and `data-client-message-id` say what it is about.
function createAction(action, label) {
  const button = createButton(action, label);
  button.dataset.action = action;
  return button;
}
