using System.Globalization;
using Chat.Hosting;
using Chat.Presence;
using Chat.Tests.Harness;
using Microsoft.Extensions.Options;
using Xunit;

namespace Chat.Tests.Presence;

/// <summary>Whoever sets how long input counts need not know how often it is published.</summary>
[Collection(ProcessTests.Collection)]
public sealed class FollowingOnlineSeconds
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public async Task Input_is_told_while_it_holds(double seconds)
    {
        var options = await ReadAsync(seconds);

        Assert.Equal(seconds, options.OnlineSeconds);
        Assert.True(options.NoteApart + options.PublishEvery + ClusterHosting.StreamLookEvery < options.OnlineFor);
        Assert.True(options.LookEvery < options.OnlineFor);
    }

    [Fact]
    public async Task With_a_minute_everything_is_as_it_is_by_default()
    {
        var (options, usual) = (await ReadAsync(60), new PresenceOptions());

        Assert.Equal(
            (usual.NoteApart, usual.PublishEvery, usual.LookEvery),
            (options.NoteApart, options.PublishEvery, options.LookEvery));
    }

    private static async Task<PresenceOptions> ReadAsync(double onlineSeconds)
    {
        await using var silo = await LoneSilo.StartAsync(
            ("Chat:Presence:OnlineSeconds", onlineSeconds.ToString(CultureInfo.InvariantCulture)));
        return silo.Get<IOptions<PresenceOptions>>().Value;
    }
}
