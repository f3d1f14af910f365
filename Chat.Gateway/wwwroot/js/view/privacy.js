import { wordsFor } from "../errors.js";
import { byId, setText } from "./dom.js";

// A change of nothing is answered with what holds.
const READ = {};

// The user's choice of who sees when he was here and what he has read. Each change is sent by itself, and what the
// server answers is shown. What is not known can't be changed: to open the choice again asks again, and so does each
// connection.
export function offerPrivacy(connection) {
  const panel = byId("privacy");
  const choice = byId("privacy-choice");
  const lastSeen = byId("privacy-last-seen");
  const readReceipts = byId("privacy-read-receipts");

  const change = async (wish) => {
    choice.disabled = true;
    try {
      const privacy = await connection.call("SetPrivacy", wish);
      lastSeen.value = privacy.lastSeen;
      readReceipts.checked = privacy.readReceipts;
      choice.disabled = false;
      setText(byId("privacy-error"), "");
    } catch (error) {
      setText(byId("privacy-error"), wordsFor(error));
    }
  };

  panel.addEventListener("toggle", () => panel.open && change(READ));
  connection.addEventListener("state", ({ detail }) => detail === "connected" && panel.open && change(READ));
  lastSeen.addEventListener("change", () => change({ lastSeen: lastSeen.value }));
  readReceipts.addEventListener("change", () => change({ readReceipts: readReceipts.checked }));
}
