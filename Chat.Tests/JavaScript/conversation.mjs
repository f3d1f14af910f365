// Drives one whole conversation over the wire contract with SignalR's official JavaScript client.
//   node conversation.mjs [--protocol=json|messagepack] http://gateway [http://other-gateway]
// Alice is at the first gateway, Bob at the last. One line per step; exit code 0 if all held, 1 at the first that did
// not.
import { accounts } from "./steps/accounts.mjs";
import { badInput } from "./steps/badInput.mjs";
import { blocking } from "./steps/blocking.mjs";
import { changing } from "./steps/changing.mjs";
import { groups } from "./steps/groups.mjs";
import { receipts } from "./steps/receipts.mjs";
import { resuming } from "./steps/resuming.mjs";
import { sending } from "./steps/sending.mjs";
import { strangers } from "./steps/strangers.mjs";

const { protocol, origins } = readArguments(process.argv.slice(2));
const world = { protocol, here: origins[0], there: origins.at(-1) };
let stepCount = 0;

async function step(what, act) {
  stepCount++;
  try {
    await act();
    console.log(`ok ${stepCount} ${what}`);
  } catch (error) {
    console.log(`FAILED ${stepCount} ${what}\n  ${error.message}\n${error.stack}`);
    process.exit(1);
  }
}

for (const chapter of [accounts, sending, receipts, changing, resuming, blocking, strangers, badInput, groups]) {
  await chapter(step, world);
}
await step("every push had its shape", () => {
  const faults = world.devices.flatMap((device) => device.faults);
  if (faults.length > 0) {
    throw new Error(faults.join("\n  "));
  }
});
await Promise.all(world.devices.map((device) => device.disconnect()));
console.log(`all ${stepCount} steps hold (${protocol})`);
process.exit(0);

function readArguments(words) {
  const options = words.filter((word) => word.startsWith("--"));
  const chosen = options.find((word) => word.startsWith("--protocol="))?.split("=")[1] ?? "json";
  const addresses = words.filter((word) => !word.startsWith("--"));
  if (addresses.length === 0 || !["json", "messagepack"].includes(chosen)) {
    console.error("usage: node conversation.mjs [--protocol=json|messagepack] URL [URL]");
    process.exit(2);
  }
  return { protocol: chosen, origins: addresses };
}
