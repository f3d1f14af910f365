import { wordsFor } from "../errors.js";
import { byId, setText } from "./dom.js";

const STATES = {
  connecting: "connecting…",
  connected: "connected",
  reconnecting: "connection lost, trying again…",
  refused: "signed out",
};

// `reason`: the error for which one has to log in again, or null.
export function showWelcome(enter, reason) {
  const form = byId("sign-in");
  setText(byId("sign-in-error"), reason ? wordsFor(reason) : "");
  byId("welcome").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    setText(byId("sign-in-error"), "");
    const buttons = form.querySelectorAll("button");
    buttons.forEach((button) => { button.disabled = true; });
    try {
      await enter(event.submitter?.value ?? "log-in", byId("username").value.trim(), byId("password").value);
      byId("welcome").hidden = true;
      form.reset();
    } catch (error) {
      setText(byId("sign-in-error"), wordsFor(error));
    } finally {
      buttons.forEach((button) => { button.disabled = false; });
    }
  });
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
