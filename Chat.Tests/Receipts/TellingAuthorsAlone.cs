using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Receipts;

/// <summary>Up to 64 members a mark is told to the authors of what it passes, and to no others.</summary>
[Collection(ProcessTests.Collection)]
public sealed class TellingAuthorsAlone
{
    [Fact]
    public async Task The_first_mark_in_a_new_group_is_told_to_its_founder_and_the_author_alone()
    {
        await using var silo = await LoneSilo.StartAsync();
        var users = await silo.WelcomeAsync(4);
        var chat = await silo.GatherAsync(users);
        var seq = await silo.SaysAsync(chat, users[1]);

        await silo.ReadsAsync(chat, users[2], seq);

        Assert.Contains(await silo.PushedToAsync(users[0], chat), push => push.Receipt?.ReadSeq == seq);
        Assert.Contains(await silo.PushedToAsync(users[1], chat), push => push.Receipt?.ReadSeq == seq);
        Assert.DoesNotContain(await silo.PushedToAsync(users[3], chat), push => push.Receipt is not null);
    }
}
