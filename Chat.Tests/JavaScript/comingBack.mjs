// SignalR's official client with its own automatic reconnect at a gateway that has no silo left: says what becomes of
// it, line by line. Exit code 0 once a call was answered, 1 where the client stays away for good.
//   node comingBack.mjs http://gateway accessToken
import signalR from "@microsoft/signalr";

const [origin, token] = process.argv.slice(2);
const hub = new signalR.HubConnectionBuilder()
  .withUrl(new URL("/hub/chat", origin).href, { accessTokenFactory: () => token })
  .withAutomaticReconnect()
  .configureLogging(signalR.LogLevel.None)
  .build();

hub.onreconnecting(() => console.log("reconnecting"));
hub.onreconnected(ask);
hub.onclose((error) => {
  console.log(`stopped: ${error?.message}`);
  process.exit(1);
});
await hub.start();
console.log("connected");
await ask();

async function ask() {
  try {
    await hub.invoke("GetConversations", {});
  } catch {
    // Lost with its connection; asked again on the next.
    return;
  }
  console.log("answered");
  process.exit(0);
}
