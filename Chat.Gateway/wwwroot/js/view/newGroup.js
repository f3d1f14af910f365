import { ChatError, wordsFor } from "../errors.js";
import { byId, oneAtATime, setText } from "./dom.js";
import { usernamesIn } from "./usernames.js";

// Made twice, it would be two groups.
const LOST = "The server could not be reached. Look whether the group is in the list before you create it again.";

// The form that names a group and its members.
export function offerNewGroup(create) {
  const form = byId("create-group");
  const ask = oneAtATime(byId("create-group-button"), async () => {
    setText(byId("create-group-error"), "");
    try {
      await create(byId("group-title").value.trim(), usernamesIn(byId("group-members").value));
      form.reset();
      byId("new-group").open = false;
    } catch (error) {
      setText(byId("create-group-error"), error instanceof ChatError ? wordsFor(error) : LOST);
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
}
