import { wordsFor } from "../errors.js";
import { byId, hasKeyboard, oneAtATime, setText } from "./dom.js";

const STATES = {
  connecting: "connecting…",
  connected: "connected",
  reconnecting: "connection lost, trying again…",
  refused: "signed out",
};

// `reason`: the error for which one has to log in again, or null.
export function showWelcome(enter, reason) {
  const form = byId("sign-in");
  const ask = oneAtATime([byId("log-in"), byId("sign-up")], async (action) => {
    setText(byId("sign-in-error"), "");
    try {
      await enter(action, byId("username").value.trim(), byId("password").value);
      byId("welcome").hidden = true;
      form.reset();
      if (hasKeyboard()) {
        byId("peer").focus();
      }
    } catch (error) {
      setText(byId("sign-in-error"), wordsFor(error));
    }
  });
  setText(byId("sign-in-error"), reason ? wordsFor(reason) : "");
  byId("welcome").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(event.submitter?.value ?? "log-in");
  });
  // The field's own autofocus comes too early: while the page is loading the form is hidden.
  byId("username").focus();
}

export function showApp({ username, connection, leave }) {
  byId("app").hidden = false;
  setText(byId("me"), username);
  const show = (state) => {
    byId("connection").dataset.state = state;
    setText(byId("connection"), STATES[state]);
    if (state === "refused") {
      leave(true);
    }
  };
  show(connection.state);
  connection.addEventListener("state", (event) => show(event.detail));
  byId("sign-out").addEventListener("click", async () => {
    await connection.stop();
    leave(false);
  });
}
