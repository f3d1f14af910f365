using Chat.Ids;
using Chat.Refusals;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Groups;

/// <summary>Who has left gets the answer of what he sent before again, and sends nothing more.</summary>
[Collection(ProcessTests.Collection)]
public sealed class SendingAgainAfterLeaving
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_answer_holds_also_for_a_writer_that_knows_of_it_by_the_store_alone(bool opensAnew)
    {
        await using var silo = await LoneSilo.StartAsync();
        var users = await silo.WelcomeAsync(2);
        var chat = await silo.GatherAsync(users);
        var first = (await silo.TrySayAsync(chat, users[1], "before")).Value;
        Assert.Null(await silo.Grains.GetGroup(chat).RemoveMember(users[0], users[1], origin: 0));
        if (opensAnew) await silo.CloseAsync(chat);

        var again = await silo.TrySayAsync(chat, users[1], "before");
        var later = await silo.TrySayAsync(chat, users[1], "after");

        Assert.Equal(first with { Duplicate = true }, again.Value);
        Assert.Null(again.Refusal);
        Assert.Equal(Refusal.NotAMember, later.Refusal);
    }

    [Fact]
    public async Task Who_was_never_a_member_is_refused_without_a_look_into_the_store()
    {
        await using var silo = await LoneSilo.StartAsync();
        var users = await silo.WelcomeAsync(3);
        var chat = await silo.GatherAsync(users[..2]);
        await silo.TrySayAsync(chat, users[1], "his");
        var looks = silo.Get<WatchedLog>().Reconciled;

        Assert.Equal(Refusal.NotAMember, (await silo.TrySayAsync(chat, users[2], "his")).Refusal);

        Assert.Equal(looks, silo.Get<WatchedLog>().Reconciled);
    }
}
