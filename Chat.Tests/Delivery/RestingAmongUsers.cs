using Chat.Delivery;
using Chat.Ids;
using Chat.Presence;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>A gateway whose calls with pushes to many follow one another rests among the users of a call.</summary>
public sealed class RestingAmongUsers : IDisposable
{
    private static readonly ConversationId Chat = new(new Guid(1, 2, 3, new byte[8]));

    private readonly WorkingClock _time = new();
    private readonly ScriptedEndpoint _gateway;

    public RestingAmongUsers() => _gateway = new ScriptedEndpoint(_time);

    [Fact]
    public async Task After_each_64_of_them_and_at_the_end()
    {
        await DeliverAsync(users: 1);

        await DeliverAsync(users: 130);
        Assert.Equal(1, _time.Rests);
        await DeliverAsync(users: 130);
        Assert.Equal(1 + 3, _time.Rests);
    }

    public void Dispose() => _gateway.Dispose();

    private async Task DeliverAsync(int users)
    {
        var all = ScriptedCluster.Users(users);
        await _gateway.Endpoint.Deliver(
            ScriptedCluster.Home, [new Push(all, Typing: new TypingChanged(Chat, all[0], Typing: true))]);
    }

    /// <summary>On which a millisecond passes between any two looks, and whoever rests has rested.</summary>
    private sealed class WorkingClock : FakeTimeProvider
    {
        internal int Rests { get; private set; }

        public override long GetTimestamp()
        {
            Advance(TimeSpan.FromMilliseconds(1));
            return base.GetTimestamp();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Rests++;
            Advance(dueTime);
            return timer;
        }
    }
}
