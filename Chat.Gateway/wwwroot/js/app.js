import { Activity } from "./activity.js";
import { Api } from "./api.js";
import { Connection } from "./connection.js";
import { Conversations } from "./conversations.js";
import { ChatError } from "./errors.js";
import { Groups } from "./groups.js";
import { Marks } from "./marks.js";
import { Outbox } from "./outbox.js";
import { People } from "./people.js";
import { Presences } from "./presences.js";
import { Sentences } from "./sentences.js";
import { currentSession, endRefused, logIn, signOut, signUp, wasRefused } from "./session.js";
import { Typing } from "./typing.js";
import { Typists } from "./typists.js";
import { BlockingView } from "./view/blocking.js";
import { ChatView } from "./view/chat.js";
import { Composer } from "./view/composer.js";
import { HeadView } from "./view/head.js";
import { LeavingView } from "./view/leaving.js";
import { ListView } from "./view/list.js";
import { MembersView } from "./view/members.js";
import { closeMenus } from "./view/menus.js";
import { offerNewGroup } from "./view/newGroup.js";
import { offerPrivacy } from "./view/privacy.js";
import { showApp, showWelcome } from "./view/shell.js";

const activity = new Activity();
const session = currentSession();
if (session) {
  openApp(session);
} else {
  showWelcome(async (action, username, password) => {
    openApp(await (action === "sign-up" ? signUp : logIn)(username, password));
  }, wasRefused() ? new ChatError({ code: "unauthenticated" }) : null);
}

function openApp({ userId, username, accessToken }) {
  const api = new Api(accessToken);
  const connection = new Connection(accessToken, () => api.isTokenRefused(userId));
  const conversations = new Conversations(connection, userId, new Marks(connection));
  const outbox = new Outbox(connection, userId);
  const people = new People(api);
  const presences = new Presences(connection);
  const typists = new Typists(connection);
  const sentences = new Sentences(people, userId);
  people.learn({ userId, username });
  activity.reportOn(connection);

  outbox.addEventListener("sent", (event) => conversations.addOwn(event.detail));
  conversations.addEventListener("appended", (event) => outbox.settle(event.detail));

  const composer = new Composer({ outbox, typing: new Typing(connection) });
  const chat = new ChatView({ conversations, outbox, people, sentences, composer, userId });
  chat.addEventListener("change", () => presences.watchOnly([chat.conversation.peerId].filter(Boolean)));
  composer.addEventListener("said", () => chat.goToEnd());
  const groups = new Groups(api, people, conversations);
  const members = new MembersView({ conversations, groups, people });
  chat.addEventListener("change", () => members.open(chat.conversation));
  const blocking = new BlockingView(connection);
  chat.addEventListener("change", () => blocking.open(chat.conversation));
  const leaving = new LeavingView(conversations);
  chat.addEventListener("change", () => leaving.open(chat.conversation));
  const head = new HeadView({ people, presences, typists });
  connection.addEventListener("state", ({ detail }) => detail === "connected" && chat.fillScreen());
  offerNewGroup(async (title, usernames) => chat.open(await groups.create(title, usernames)));
  offerPrivacy(connection);
  closeMenus();
  const list = new ListView({
    conversations,
    people,
    sentences,
    openedId: () => chat.conversation?.id,
    open: (conversation) => chat.open(conversation),
    openByName: async (name) => {
      const user = await api.userNamed(name);
      people.learn(user);
      chat.open(await conversations.openDirect(user.userId));
    },
  });
  const leave = (isRefused) => {
    (isRefused ? endRefused : signOut)();
    location.reload();
  };
  showApp({ username, connection, leave });
  drawOnChange([conversations, outbox, people, presences, typists, chat], () => {
    list.draw();
    head.draw(chat.conversation);
    members.draw();
    leaving.draw();
    chat.draw();
  });
  connection.run();
}

// Many changes in one go are drawn once. A timer and not an animation frame: hidden tabs keep their title true.
function drawOnChange(sources, draw) {
  let isScheduled = false;
  const schedule = () => {
    if (!isScheduled) {
      isScheduled = true;
      setTimeout(() => {
        isScheduled = false;
        draw();
      });
    }
  };
  sources.forEach((source) => source.addEventListener("change", schedule));
  document.addEventListener("visibilitychange", schedule);
  schedule();
}
