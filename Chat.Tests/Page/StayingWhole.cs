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
          const asked = [];
          const conversation = (number, lastSeq) => ({ conversationId: `c${number}`, kind: "group", memberCount: 1,
            lastSeq, version: "v", unread: 0, readSeq: 0, deliveredSeq: 0, joinedSeq: 1,
            lastMessage: { sentAt: new Date(number * 1_000).toISOString() } });
          const start = (answer) => new Conversations(Object.assign(new EventTarget(), {
            state: "connected",
            async call(method, argument) {
              asked.push({ method, argument });
              return answer(method);
            },
          }), "me", { sendAgain() {}, delivered() {} });
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
}
