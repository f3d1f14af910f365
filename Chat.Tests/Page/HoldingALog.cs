using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Page;

/// <summary>What the page holds of a conversation, in whatever order it hears it: its modules, told by hand.</summary>
public sealed class HoldingALog(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    /// <summary>
    /// What a fact's script finds: a snapshot, entries that others, oneself or the server wrote, and <c>show</c>, which
    /// opens a conversation on the page.
    /// </summary>
    internal const string Told = """
        async () => {
          const { Conversation } = await import("/js/conversation.js");
          const snapshot = (lastSeq, more) => ({ conversationId: "c", kind: "group", memberCount: 3, lastSeq, unread: 0,
            readSeq: 0, deliveredSeq: 0, joinedSeq: 1, role: "member", ...more });
          const said = (seq, senderId = "other") => ({ conversationId: "c", seq, messageId: `m${seq}`, senderId,
            clientMessageId: `i${seq}`, sentAt: "2026-01-01T00:00:00Z", content: { kind: "text", text: `${seq}` } });
          const system = (seq, content) => ({ ...said(seq), content: { kind: "system", ...content } });
          const member = (userId, role) => ({ userId, role, deliveredSeq: 0 });
          const show = async (conversation, loadBackTo) => {
            const { ChatView } = await import("/js/view/chat.js");
            document.getElementById("app").hidden = false;
            const chat = new ChatView({ conversations: { markRead() {}, async loadEarlier() {}, loadBackTo },
              outbox: { of: () => [] }, people: { nameOf: (userId) => userId }, composer: { open() {} }, sentences: {},
              userId: "me" });
            chat.open(conversation);
            chat.draw();
            await new Promise((resolve) => setTimeout(resolve));
            return chat;
          };
        """;

    [Fact]
    public Task An_older_snapshot_that_comes_late_replaces_no_newer_one() => ComesToAsync("admin of Newer", """
          const conversation = new Conversation(snapshot(1, { title: "Older" }), "me");
          conversation.absorb(snapshot(3, { title: "Newer", role: "admin" }));
          conversation.absorb(snapshot(2, { title: "Older" }));
          return `${conversation.role} of ${conversation.snapshot.title}`;
        }
        """);

    [Fact]
    public Task In_a_large_group_who_is_in_it_is_known_from_the_listing_and_the_log() => ComesToAsync(
        "4: me admin, other owner, fourth member, fifth member; 4 counted", """
          const conversation = new Conversation(snapshot(2), "me");
          const counted = new Conversation(snapshot(2), "me");
          for (const one of [conversation, counted]) {
            one.add(said(1));
            one.add(said(2));
          }
          // Pushes overtake one another: entries count in the order of the log.
          const changes = [
            system(6, { event: "memberLeft", actorId: "third" }),
            system(4, { event: "membersAdded", userIds: ["fourth"] }),
            system(5, { event: "roleChanged", userIds: ["me"], role: "admin" }),
            system(3, { event: "roleChanged", userIds: ["me"], role: "owner" }),
            system(7, { event: "memberJoined", actorId: "fifth" }),
          ];
          changes.forEach((entry) => counted.add(entry));
          changes.forEach((entry) => conversation.add(entry));
          // Asked for at 4, answered after 7.
          conversation.listMembers([member("me", "owner"), member("other", "owner"), member("third", "member"),
            member("fourth", "member")], 4);
          const { roster } = conversation;
          const roles = roster.userIds.map((userId) => `${userId} ${roster.roleOf(userId)}`).join(", ");
          return `${roster.count}: ${roles}; ${counted.roster.count} counted`;
        }
        """);

    [Fact]
    public Task History_that_was_opened_to_newcomers_is_there_to_be_loaded() => ComesToAsync("5 false 5 true", """
          const conversation = new Conversation(snapshot(6, { joinedSeq: 5, deliveredSeq: 4 }), "me");
          conversation.addGone({ fromSeq: 1, toSeq: 4 });
          conversation.add(said(5));
          conversation.add(said(6));
          const before = `${conversation.firstSeq} ${conversation.hasEarlier}`;
          conversation.absorb(snapshot(7, { joinedSeq: 1 }));
          return `${before} ${conversation.from} ${conversation.hasEarlier}`;
        }
        """);

    [Fact]
    public Task What_one_said_stays_in_sight_while_an_entry_before_it_is_awaited() => ComesToAsync("1,3 1,2,3", """
          const conversation = new Conversation(snapshot(1), "me");
          conversation.add(said(1));
          conversation.add(said(3, "me"));
          const before = conversation.timeline.map(({ seq }) => seq).join();
          conversation.add(said(2));
          return `${before} ${conversation.timeline.map(({ seq }) => seq).join()}`;
        }
        """);

    [Fact]
    public Task Of_a_long_log_the_older_part_is_let_go_unless_one_reads_back_in_it_or_has_not_read_it() => ComesToAsync(
        "1500 unread 1500, read back 1500, closed 500 from 1001 true unread 0", """
          const conversation = new Conversation(snapshot(0), "me");
          for (let seq = 1; seq <= 1500; seq++) {
            conversation.add(said(seq));
          }
          conversation.trim();
          const unread = `${conversation.entries.size} unread ${conversation.unread}`;
          conversation.advance("me", { readSeq: 1500 });
          conversation.isReadBack = true;
          conversation.trim();
          const readBack = `read back ${conversation.entries.size}`;
          conversation.isReadBack = false;
          conversation.trim();
          const { entries, from, hasEarlier } = conversation;
          const closed = `closed ${entries.size} from ${from} ${hasEarlier} unread ${conversation.unread}`;
          return `${unread}, ${readBack}, ${closed}`;
        }
        """);

    [Fact]
    public Task Nothing_is_let_go_under_whoever_scrolled_up() => ComesToAsync("1101 500", """
          const conversation = new Conversation(snapshot(0), "me");
          for (let seq = 1; seq <= 1100; seq++) {
            conversation.add(said(seq, "me"));
          }
          await show(conversation);
          const log = document.getElementById("log");
          const scroll = (top) => new Promise((resolve) => {
            log.addEventListener("scroll", resolve, { once: true });
            log.scrollTop = top;
          });
          await scroll(0);
          conversation.add(said(1101, "me"));
          conversation.trim();
          const before = conversation.entries.size;
          await scroll(log.scrollHeight);
          conversation.trim();
          return `${before} ${conversation.entries.size}`;
        }
        """);

    [Fact]
    public Task What_was_deleted_is_unread_no_more() => ComesToAsync("2 1", """
          const conversation = new Conversation(snapshot(0), "me");
          conversation.add(said(1));
          conversation.add(said(2));
          const before = conversation.unread;
          conversation.add({ ...said(3), content: { kind: "delete", targetSeq: 1 } });
          return `${before} ${conversation.unread}`;
        }
        """);

    [Fact]
    public Task A_key_that_comes_twice_is_drawn_twice_and_leaves_nothing_behind() => ComesToAsync("a,a,b a,b", """
          const { drawKeyed } = await import("/js/view/dom.js");
          const list = document.createElement("ol");
          const draw = (...keys) => {
            const create = () => document.createElement("li");
            drawKeyed(list, keys, (key) => key, create, (item, key) => item.textContent = key);
            return [...list.children].map((item) => item.textContent).join();
          };
          draw("a", "a", "b");
          return `${draw("a", "a", "b")} ${draw("a", "b")}`;
        }
        """);

    private async Task ComesToAsync(string expected, string script)
    {
        var tab = await Tab.OpenAsync(Site, "alice");
        Assert.Equal(expected, await tab.Page.EvaluateAsync<string>(Told + script));
        Assert.Empty(tab.Faults);
    }
}
