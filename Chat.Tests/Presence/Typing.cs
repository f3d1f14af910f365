using Chat.Client;
using Chat.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Presence;

/// <summary>Typing is told to the other members, seldom, and ends by itself.</summary>
[Collection(ProcessTests.Collection)]
public sealed class Typing(ITestOutputHelper output)
{
    [Fact]
    public async Task It_is_told_to_the_others_and_ends_by_itself()
    {
        await using var town = await PresenceTown.OpenAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await town.OnAsync(people[0]);
        var bob = await town.OnAsync(people[1]);
        var chat = await alice.OpenAsync(people[1]);

        await alice.Chat.SetTypingAsync(chat, typing: true);

        var heard = await bob.Typings.UntilAsync("the end of typing", all => all.Count == 2);
        Assert.Equal([(chat, people[0].Id, true), (chat, people[0].Id, false)],
            heard.Select(one => (one.ConversationId, one.UserId, one.Typing)));
        Assert.Empty(alice.Typings.Snapshot());
    }

    [Fact]
    public async Task A_reaction_does_not_end_it_and_its_end_is_told()
    {
        await using var town = await PresenceTown.OpenAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await town.OnAsync(people[0]);
        var bob = await town.OnAsync(people[1]);
        var chat = await alice.OpenAsync(people[1]);
        var said = await bob.InsistAsync(chat, "good?");

        await alice.Chat.SetTypingAsync(chat, typing: true);
        await alice.InsistAsync(chat, Content.OfReaction(said.Seq, "👍"));

        var heard = await bob.Typings.UntilAsync("the end of typing", all => all.Count == 2);
        Assert.Equal([true, false], heard.Select(one => one.Typing));
    }

    [Fact]
    public async Task However_often_it_is_said_it_is_told_once_in_a_while()
    {
        await using var town = await PresenceTown.OpenAsync(
            output, ("TypingApart", "00:10:00"), ("TypingEnds", "00:20:00"));
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await town.OnAsync(people[0]);
        var bob = await town.OnAsync(people[1]);
        var chat = await alice.OpenAsync(people[1]);

        for (var i = 0; i < 20; i++) await alice.Chat.SetTypingAsync(chat, typing: i % 2 == 0);
        await alice.InsistAsync(chat, "done");

        await bob.HearsAsync("done");
        Assert.True(Assert.Single(bob.Typings.Snapshot()).Typing);
    }

    [Fact]
    public async Task A_stranger_may_not_type_and_a_block_keeps_it_back()
    {
        await using var town = await PresenceTown.OpenAsync(output, ("TypingApart", "00:00:00"));
        var people = await town.WelcomeAsync("alice", "bob", "mallory");
        var alice = await town.OnAsync(people[0]);
        var bob = await town.OnAsync(people[1]);
        var mallory = await town.OnAsync(people[2]);
        var chat = await alice.OpenAsync(people[1]);
        var refused = await Assert.ThrowsAsync<ChatException>(
            () => mallory.Chat.SetTypingAsync(chat, typing: true));
        Assert.Equal(ErrorCodes.NotAMember, refused.Code);

        await bob.Chat.BlockAsync(people[0].Id);
        await alice.Chat.SetTypingAsync(chat, typing: true);
        await bob.Chat.UnblockAsync(people[0].Id);
        await alice.InsistAsync(chat, "after");

        await bob.HearsAsync("after");
        Assert.Empty(bob.Typings.Snapshot());
    }
}
