using Chat.Ids;
using Chat.Presence;
using CsCheck;
using Xunit;

namespace Chat.Tests.Presence;

/// <summary>However somebody types, it is told seldom, and its end is told.</summary>
public sealed class PacingTyping
{
    private static readonly PresenceOptions Options = new();
    private static readonly UserId[] Users = [new(Guid.NewGuid()), new(Guid.NewGuid())];

    /// <summary>What is done, by whom, and how many milliseconds after what came before.</summary>
    private static readonly Gen<(Act Act, int Who, int After)[]> Stories = Gen.Select(
        Gen.Enum<Act>(), Gen.Int[0, 1], Gen.Int[0, 900], (act, who, after) => (act, who, after)).Array[0, 400];

    private enum Act
    {
        Types,
        Stops,
        Sends,
        Look,
    }

    [Fact]
    public void One_typist_is_told_of_at_most_once_in_three_seconds_and_never_for_nothing() => Stories.Sample(story =>
    {
        var typists = new Typists(Options);
        var now = DateTimeOffset.UnixEpoch;
        var told = new List<(UserId User, bool IsTyping, DateTimeOffset At)>();
        foreach (var (act, who, after) in story)
        {
            now += TimeSpan.FromMilliseconds(after);
            if (act is Act.Look) Look();
            else if (act is Act.Sends) typists.Sent(Users[who]);
            else if (typists.Set(Users[who], act is Act.Types, now)) told.Add((Users[who], act is Act.Types, now));
        }

        // Nobody touches anything any more: each state that was told ends, and nobody is held for ever.
        for (var i = 0; i < 10; i++)
        {
            now += Options.TypingApart;
            Look();
        }

        Assert.True(typists.IsEmpty);
        foreach (var user in Users)
        {
            var his = told.Where(one => one.User == user).ToArray();
            foreach (var (first, second) in his.Zip(his.Skip(1)))
                Assert.True(second.At - first.At >= Options.TypingApart, $"{first.At:O} and {second.At:O}");
            if (his.Length > 0 && !story.Any(step => step.Act is Act.Sends)) Assert.False(his[^1].IsTyping);
        }

        void Look() => told.AddRange(typists.TakeDue(now).Select(due => (due.User, due.IsTyping, now)));
    });
}
