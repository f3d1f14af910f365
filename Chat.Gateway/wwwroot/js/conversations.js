import { backoffMs } from "./backoff.js";
import { Conversation } from "./conversation.js";
import { ChatError } from "./errors.js";

const PAGE = 200;
const EARLIER_PAGE = 50;
// Who follows a quote far back waits for so many pages at most before he is asked whether to go on.
const PAGES_BACK_MAX = 10;
const RETRY_MS = 1_000;
// A hub message may have 128 KiB, and a conversation named takes some 110 bytes of it.
const NAMED_MAX = 800;

// All conversations of this tab, kept true to the server: pushes are hints, Resume and history are the truth.
// Event "change" after anything that shows; "appended" with each message that came in.
export class Conversations extends EventTarget {
  #connection;
  #userId;
  #marks;
  #byId = new Map();
  #isListed = false;
  #synchronising = null;
  #isStale = false;
  #fillingIn = new Set();

  constructor(connection, userId, marks) {
    super();
    this.#connection = connection;
    this.#userId = userId;
    this.#marks = marks;
    const on = (name, handle) => connection.addEventListener(name, (event) => handle(event.detail));
    on("state", (state) => state === "connected" && this.synchronise());
    on("MessageAppended", (message) => this.#append(message));
    on("ReceiptAdvanced", (receipt) => this.#advance(receipt));
    on("ReceiptCounts", (counts) => this.#count(counts));
    on("ConversationChanged", (snapshot) => this.#absorb(snapshot));
    on("ResyncRequired", () => this.synchronise());
  }

  // Before that an empty list means nothing.
  get isListed() {
    return this.#isListed;
  }

  get newestFirst() {
    return [...this.#byId.values()].sort((one, other) => other.lastActivity.localeCompare(one.lastActivity));
  }

  get(conversationId) {
    return this.#byId.get(conversationId);
  }

  async openDirect(userId) {
    return this.#absorb(await this.#connection.call("OpenDirect", { userId }));
  }

  async createGroup(title, memberIds) {
    return this.#absorb(await this.#connection.call("CreateGroup", { title, memberIds }));
  }

  async addMembers(conversationId, userIds) {
    this.#absorb(await this.#connection.call("AddMembers", { conversationId, userIds }));
  }

  async removeMember(conversationId, userId) {
    this.#absorb(await this.#connection.call("RemoveMember", { conversationId, userId }));
  }

  async setRole(conversationId, userId, role) {
    this.#absorb(await this.#connection.call("SetRole", { conversationId, userId, role }));
  }

  // A snapshot names the members of a group up to a size; of a larger one they are asked for.
  async listMembers(conversation) {
    if (conversation.roster.isWhole) {
      return;
    }
    const seq = conversation.to;
    const members = [];
    let cursor;
    do {
      const page = await this.#connection.call("GetMembers", { conversationId: conversation.id, cursor, limit: PAGE });
      members.push(...page.members);
      cursor = page.nextCursor;
    } while (cursor);
    conversation.listMembers(members, seq);
    this.#changed();
  }

  // The answer does not show the conversation as it is now, and the push that does goes to the other devices only.
  async leave(conversationId) {
    await this.#connection.call("Leave", { conversationId });
    this.synchronise();
  }

  async loadEarlier(conversation, limit = EARLIER_PAGE) {
    const page = await this.#connection.call("GetHistory",
      { conversationId: conversation.id, before: conversation.from, limit });
    this.#take(conversation, page);
  }

  // Answers whether the log is held back to `seq` now, or as far as it goes.
  async loadBackTo(conversation, seq) {
    const isThere = () => conversation.from <= seq || !conversation.hasEarlier;
    for (let pages = 0; pages < PAGES_BACK_MAX && !isThere(); pages++) {
      await this.loadEarlier(conversation, PAGE);
    }
    return isThere();
  }

  // A message that this tab sent itself: the server pushes it to the other devices only.
  addOwn(message) {
    this.#append(message);
  }

  markRead(conversation) {
    if (conversation.unread > 0 && conversation.to > conversation.readSeq) {
      conversation.advance(this.#userId, { readSeq: conversation.to });
      this.#marks.read(conversation.id, conversation.to);
      this.#changed();
    }
  }

  // Asks for everything that is lacking. Called while one is under way, it runs once more after that.
  synchronise() {
    this.#isStale = true;
    this.#synchronising ??= this.#synchroniseUntilFresh().finally(() => {
      this.#synchronising = null;
    });
    return this.#synchronising;
  }

  async #synchroniseUntilFresh() {
    let failures = 0;
    while (this.#isStale && this.#connection.state === "connected") {
      this.#isStale = false;
      try {
        await (this.#isListed ? this.#resume() : this.#list());
        this.#marks.sendAgain();
        failures = 0;
      } catch (error) {
        await this.#waitOut(error, failures++);
        this.#isStale = true;
      }
    }
  }

  async #list() {
    let cursor;
    do {
      const page = await this.#connection.call("GetConversations", { cursor });
      page.conversations.forEach((snapshot) => this.#absorb(snapshot));
      cursor = page.nextCursor;
    } while (cursor);
    this.#isListed = true;
    this.#changed();
  }

  // Names those with the latest activity, as many as fit into one call: what is not named is answered whole.
  async #resume() {
    const held = this.newestFirst.slice(0, NAMED_MAX).map((conversation) =>
      ({ conversationId: conversation.id, seq: conversation.to, version: conversation.snapshot.version }));
    const answer = await this.#connection.call("Resume", { conversations: held });
    answer.conversations.forEach((snapshot) => this.#store(snapshot));
    (answer.gone ?? []).forEach((range) => this.#byId.get(range.conversationId)?.addGone(range));
    answer.messages.forEach((message) => this.#add(message));
    // Settled last: a conversation that the answer completes asks for no page. A truncated one is still behind.
    this.#byId.forEach((conversation) => this.#settle(conversation));
  }

  #absorb(snapshot) {
    const conversation = this.#store(snapshot);
    this.#settle(conversation);
    return conversation;
  }

  #store(snapshot) {
    const known = this.#byId.get(snapshot.conversationId);
    if (known) {
      known.absorb(snapshot);
      return known;
    }
    const conversation = new Conversation(snapshot, this.#userId);
    this.#byId.set(conversation.id, conversation);
    return conversation;
  }

  #append(message) {
    const conversation = this.#add(message);
    if (conversation) {
      this.#settle(conversation);
    } else {
      this.synchronise();
    }
  }

  #add(message) {
    const conversation = this.#byId.get(message.conversationId);
    if (conversation) {
      conversation.add(message);
      this.dispatchEvent(new CustomEvent("appended", { detail: message }));
    }
    return conversation;
  }

  #advance(receipt) {
    this.#byId.get(receipt.conversationId)?.advance(receipt.userId, receipt);
    this.#changed();
  }

  #count(counts) {
    this.#byId.get(counts.conversationId)?.addCounts(counts);
    this.#changed();
  }

  #settle(conversation) {
    if (conversation.isBehind) {
      this.#fillIn(conversation);
    }
    if (conversation.foreignSeq > conversation.deliveredSeq) {
      conversation.advance(this.#userId, { deliveredSeq: conversation.foreignSeq });
      this.#marks.delivered(conversation.id, conversation.foreignSeq);
    }
    conversation.trim();
    this.#changed();
  }

  async #fillIn(conversation) {
    if (this.#fillingIn.has(conversation)) {
      return;
    }
    this.#fillingIn.add(conversation);
    let failures = 0;
    let isDone = false;
    while (!isDone && conversation.isBehind && this.#connection.state === "connected") {
      try {
        isDone = await this.#fillInOnce(conversation);
        failures = 0;
      } catch (error) {
        await this.#waitOut(error, failures++);
      }
    }
    this.#fillingIn.delete(conversation);
  }

  // Answers whether there is nothing more to be had.
  async #fillInOnce(conversation) {
    const page = await this.#connection.call("GetHistory",
      { conversationId: conversation.id, after: conversation.to, limit: PAGE });
    const before = conversation.to;
    this.#take(conversation, page);
    return conversation.to === before && !page.hasMore;
  }

  #take(conversation, page) {
    (page.gone ?? []).forEach((range) => conversation.addGone(range));
    page.messages.forEach((message) => this.#add(message));
    this.#settle(conversation);
  }

  // A refusal that may pass is waited out; a lost connection synchronises anew once it is back. What is refused for
  // good is asked for again too, ever more seldom: a page that gave up would go stale without a word.
  async #waitOut(error, failures) {
    let pauseMs = 0;
    if (error instanceof ChatError) {
      console.info("Chat: synchronising was refused", error.code);
      pauseMs = error.retryable ? error.retryAfterMs ?? RETRY_MS : backoffMs(failures);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"));
  }
}
