using Chat.Delivery;
using Chat.Ids;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Groups;

/// <summary>A new group is heard of: its founders' routes are known before anything of it is written.</summary>
[Collection(ProcessTests.Collection)]
public sealed class MakingAGroup
{
    [Fact]
    public async Task Each_founders_silo_is_asked_before_the_group_is_made_and_each_founder_is_told()
    {
        await using var silo = await LoneSilo.StartAsync();
        var users = await silo.WelcomeAsync(3);
        var known = new List<UserId>();
        silo.Get<WatchedLog>().CreatingGroup = _ =>
            known.AddRange(users.Where(user => silo.Get<RouteTable>().Find(user) is not null));

        var chat = await silo.GatherAsync(users);

        Assert.Equal(users, known);
        foreach (var user in users)
        {
            var pushes = await silo.PushedToAsync(user, chat);
            Assert.Single(pushes, push => push.Changed == chat);
            Assert.Equal("created", Assert.Single(pushes, push => push.Message is not null).Message!.Content.Event);
        }
    }
}
