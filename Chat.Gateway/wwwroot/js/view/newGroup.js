import { wordsFor } from "../errors.js";
import { byId, setText } from "./dom.js";
import { usernamesIn } from "./usernames.js";

// The form that names a group and its members.
export function offerNewGroup(create) {
  const form = byId("create-group");
  const button = byId("create-group-button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    setText(byId("create-group-error"), "");
    button.disabled = true;
    try {
      await create(byId("group-title").value.trim(), usernamesIn(byId("group-members").value));
      form.reset();
      byId("new-group").open = false;
    } catch (error) {
      setText(byId("create-group-error"), wordsFor(error));
    } finally {
      button.disabled = false;
    }
  });
}
