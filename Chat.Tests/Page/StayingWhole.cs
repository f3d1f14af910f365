using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Page;

/// <summary>The page asks for what it lacks: its own module, on a connection that answers as told.</summary>
public sealed class StayingWhole(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    /// <summary>What a fact's script finds: <c>start(answer)</c>, and <c>asked</c>, the calls so far.</summary>
    private const string Scripted = """
        async () => {
          const { Conversations } = await import("/js/conversations.js");
          const { ChatError } = await import("/js/errors.js");
          const asked = [];
          const conversation = (number, lastSeq) => ({ conversationId: `c${number}`, kind: "group", memberCount: 1,
            lastSeq, version: "v", unread: 0, readSeq: 0, deliveredSeq: 0, joinedSeq: 1,
            lastMessage: { sentAt: new Date(number * 1_000).toISOString() } });
          const start = (answer) => new Conversations(Object.assign(new EventTarget(), {
            state: "connected",
            async call(method, argument) {
              asked.push({ method, argument });
              return answer(method, argument);
            },
          }), "me", { sendAgain() {}, delivered() {} });
          const entries = (first, count) => Array.from({ length: count }, (_, place) => ({ conversationId: "c1",
            seq: first + place, senderId: "other", sentAt: "", content: { kind: "text", text: "" } }));
        """;

    [Fact]
    public async Task A_resume_names_as_many_conversations_as_fit_and_those_that_changed_last()
    {
        var tab = await Tab.OpenAsync(Site, "alice");

        var named = await tab.Page.EvaluateAsync<string[]>(Scripted + """
              const conversations = start((method) => method === "Resume"
                ? { conversations: [], messages: [], truncated: [] }
                : { conversations: Array.from({ length: 900 }, (_, number) => conversation(number, 0)) });
              await conversations.synchronise();
              await conversations.synchronise();
              return asked.at(-1).argument.conversations.map((held) => held.conversationId);
            }
            """);

        Assert.Equal(Enumerable.Range(100, 800).Reverse().Select(number => $"c{number}"), named);
    }

    [Theory]
    [InlineData("GetConversations")]
    [InlineData("Resume")]
    [InlineData("GetHistory")]
    public async Task A_refusal_for_good_is_no_reason_to_stay_stale(string refused)
    {
        var tab = await Tab.OpenAsync(Site, "alice");

        var asked = await tab.Page.EvaluateAsync<string[]>(Scripted + $$"""
              const message = { conversationId: "c1", seq: 1, messageId: "m", senderId: "me", content: {} };
              let isRefused = false;
              const conversations = start((method) => {
                if (method === "{{refused}}" && !isRefused) {
                  isRefused = true;
                  throw new ChatError({ code: "internal" });
                }
                return method === "GetHistory"
                  ? { messages: [message], hasMore: false }
                  : { conversations: [conversation(1, 1)], messages: [], truncated: [] };
              });
              const whole = new Promise((resolve) => conversations.addEventListener("appended", resolve));
              await conversations.synchronise();
              await conversations.synchronise();
              await whole;
              return asked.map(({ method }) => method).filter((method) => method === "{{refused}}");
            }
            """);

        Assert.Equal([refused, refused], asked);
        Assert.Empty(tab.Faults);
    }

    [Fact]
    public async Task Reading_back_stops_after_ten_pages_and_goes_on_when_asked_again()
    {
        var tab = await Tab.OpenAsync(Site, "alice");

        var reached = await tab.Page.EvaluateAsync<string[]>(Scripted + """
              const conversations = start((method, { before, limit }) => method === "GetHistory"
                ? { messages: entries(before - limit, limit), hasMore: true }
                : { conversations: [{ ...conversation(1, 3_000), deliveredSeq: 3_000 }] });
              await conversations.synchronise();
              const far = conversations.get("c1");
              far.isReadBack = true;
              const read = async () => {
                asked.length = 0;
                return `${await conversations.loadBackTo(far, 500)} ${asked.length} ${far.from}`;
              };
              return [await read(), await read()];
            }
            """);

        Assert.Equal(["false 10 1001", "true 3 401"], reached);
    }

    [Fact]
    public async Task Who_was_long_away_reads_up_everything_and_holds_the_newest()
    {
        var tab = await Tab.OpenAsync(Site, "alice");

        var held = await tab.Page.EvaluateAsync<string>(Scripted + """
              const conversations = start((method, { after, limit }) => method === "GetHistory"
                ? { messages: entries(after + 1, limit), hasMore: after + limit < 2_400 }
                : { conversations: [{ ...conversation(1, 2_400), unread: 2_400 }] });
              await conversations.synchronise();
              const long = conversations.get("c1");
              await new Promise((resolve) => conversations.addEventListener("change", () =>
                long.isBehind || resolve()));
              return `${long.to} ${long.deliveredSeq} ${long.unread} ${long.entries.size < 1_000}`;
            }
            """);

        Assert.Equal("2400 2400 2400 true", held);
    }

    [Fact]
    public async Task The_members_of_a_large_group_are_listed_page_by_page()
    {
        var tab = await Tab.OpenAsync(Site, "alice");

        var members = await tab.Page.EvaluateAsync<string>(Scripted + """
              const conversations = start((method, { cursor }) => method === "GetMembers"
                ? { members: [{ userId: cursor ?? "first", role: "member" }], nextCursor: cursor ? null : "second" }
                : { conversations: [conversation(1, 0)] });
              await conversations.synchronise();
              await conversations.listMembers(conversations.get("c1"));
              await conversations.listMembers(conversations.get("c1"));
              const calls = asked.filter(({ method }) => method === "GetMembers").length;
              return `${conversations.get("c1").roster.userIds} in ${calls}`;
            }
            """);

        Assert.Equal("first,second in 2", members);
    }
}
