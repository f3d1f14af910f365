using Chat.Delivery;
using Chat.Ids;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>The store is asked who hides his reading once for each grain that may tell of it, and no more.</summary>
public sealed class KnowingWhoHides
{
    private static readonly SiloAddress East = ScriptedCluster.Silo(11);

    private readonly ScriptedCluster _cluster = new();
    private readonly UserId[] _users = ScriptedCluster.Users(2);

    [Fact]
    public async Task Each_is_asked_for_once_wherever_he_moves()
    {
        var audience = await ReadyAsync();
        var asked = audience.Hiding.FindUnasked();
        Assert.Equal(_users, asked.Select(one => one.Key).Order());

        audience.Hiding.Answer(asked, [_users[1]]);
        _cluster.Put(_users[0], (East, 1));
        _cluster.Tell(_users[0]);
        await audience.EnsureAsync();

        Assert.Empty(audience.Hiding.FindUnasked());
        Assert.Equal((false, true), Hide(audience));
    }

    [Fact]
    public async Task What_a_grain_told_holds_until_the_store_was_asked_after_its_end()
    {
        var audience = await ReadyAsync();
        audience.Hiding.Answer(audience.Hiding.FindUnasked(), []);
        Tell(_users[0], hides: true);
        Assert.Empty(audience.Hiding.FindUnasked());

        _cluster.Die(ScriptedCluster.Home);
        await audience.EnsureAsync();

        Assert.Equal((true, false), Hide(audience));
        var asked = audience.Hiding.FindUnasked();
        Assert.Equal(_users, asked.Select(one => one.Key).Order());
        audience.Hiding.Answer(asked, []);
        Assert.Equal((false, false), Hide(audience));
        Assert.Empty(audience.Hiding.FindUnasked());
    }

    [Fact]
    public async Task An_answer_that_was_under_way_when_a_silo_died_counts_and_is_asked_for_again()
    {
        var audience = await ReadyAsync();
        var asked = audience.Hiding.FindUnasked();

        _cluster.Die(ScriptedCluster.Home);
        await audience.EnsureAsync();
        audience.Hiding.Answer(asked, [_users[0]]);

        Assert.Equal((true, false), Hide(audience));
        Assert.Equal(_users, audience.Hiding.FindUnasked().Select(one => one.Key).Order());
    }

    [Fact]
    public async Task An_answer_that_was_under_way_when_a_silo_died_does_not_outdo_what_was_told_since()
    {
        var audience = await ReadyAsync();
        var asked = audience.Hiding.FindUnasked();
        Tell(_users[0], hides: true);

        _cluster.Die(ScriptedCluster.Home);
        await audience.EnsureAsync();
        audience.Hiding.Answer(asked, []);

        Assert.Equal((true, false), Hide(audience));
        Assert.Equal(_users, audience.Hiding.FindUnasked().Select(one => one.Key).Order());
    }

    [Fact]
    public async Task What_is_told_while_the_store_is_asked_holds()
    {
        var audience = await ReadyAsync();
        var asked = audience.Hiding.FindUnasked();

        Tell(_users[0], hides: true);
        audience.Hiding.Answer(asked, []);

        Assert.Equal((true, false), Hide(audience));
        Assert.Empty(audience.Hiding.FindUnasked());
    }

    [Fact]
    public async Task Who_has_left_is_asked_for_no_more_and_anew_when_he_comes_back()
    {
        var audience = await ReadyAsync();
        var asked = audience.Hiding.FindUnasked();

        audience.Remove([_users[0]]);
        audience.Hiding.Answer(asked, [_users[0]]);
        Assert.Equal((false, false), Hide(audience));
        audience.Add([_users[0]]);

        Assert.Equal([_users[0]], audience.Hiding.FindUnasked().Select(one => one.Key));
    }

    private async Task<Audience> ReadyAsync()
    {
        var audience = new Audience(_cluster.Table, needsBlocks: false);
        audience.Add(_users);
        await audience.EnsureAsync();
        return audience;
    }

    private void Tell(UserId user, bool hides) =>
        _cluster.Table.Apply(_cluster.Put(user) with { HidesReading = hides });

    private (bool, bool) Hide(Audience audience) =>
        (audience.Hiding.Hides(_users[0]), audience.Hiding.Hides(_users[1]));
}
