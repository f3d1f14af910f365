using System.Reflection;
using Chat.Conversations;
using Chat.Delivery;
using Chat.Gateway.Conversations;
using Chat.Gateway.Delivery;
using Chat.Gateway.Overload;
using Chat.Gateway.Sessions;
using Chat.Gateway.Wire;
using Chat.Ids;
using Chat.Overload;
using Chat.Refusals;
using Chat.Tests.Delivery;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Overload;

/// <summary>A send's time begins when it comes in, not when it is carried to its conversation.</summary>
public sealed class CountingFromArrival
{
    private const int Sends = 90;

    private static readonly OverloadOptions Tunables = new()
    {
        WarmUp = TimeSpan.Zero,
        SendsWithin = TimeSpan.FromMilliseconds(700),
        SendsWithinRefusing = TimeSpan.FromMilliseconds(700),
        LetInAtLeast = TimeSpan.Zero,
        SendsUnderWayMin = 100,
        SendsUnderWayCalm = 500,
        SendsUnderWayFirst = 500,
    };

    private readonly FakeTimeProvider _time = new();
    private readonly SendRequest _request =
        new() { ConversationId = new ConversationId(new Guid(1, 2, 3, new byte[8])) };
    private readonly ClientConnection _phone =
        new(null!, ScriptedCluster.Users(1)[0], key: 1, queuedPushesMax: 1);
    private readonly SendDoor _door;
    private readonly Sender _sender;
    private TaskCompletionSource _answers = new();

    public CountingFromArrival()
    {
        var silos = new SiloDirectory(new ScriptedCluster().Membership);
        var places = new ConversationPlaces(silos);
        var gauge = new LoadGauge(Options.Create(Tunables), _time, NullLogger<LoadGauge>.Instance);
        var pool = new PoolDelay(_time, static _ => { });
        var doors = new SendDoors(places, gauge, pool, silos, Options.Create(Tunables), _time);
        var grains = DispatchProxy.Create<IGrainFactory, Grains>();
        ((Grains)grains).AnswerAsync = AnswerAsync;
        // Nobody knows where the conversation is, so no lane to an intake is asked for.
        var calls = new ConversationCalls(grains, places, null!, NullLogger<ConversationCalls>.Instance);
        var unlimited = Options.Create(new ChatLimits { SendsPerSecond = 1_000_000, SendBurst = 1_000_000 });
        _door = doors.To(_request.ConversationId);
        _sender = new Sender(calls, new SendBudgets(grains, unlimited, _time), doors);
    }

    [Fact]
    public async Task What_waits_behind_its_connections_earlier_send_is_late_though_it_is_answered_at_once()
    {
        for (var i = 0; i < 20; i++) await RoundAsync(firstAnsweredAfter: Tunables.SendsWithin / 2);
        Assert.Equal(Tunables.SendsUnderWayCalm, _door.Limit);

        for (var i = 0; i < 20; i++) await RoundAsync(firstAnsweredAfter: Tunables.SendsWithin * 1.1);

        Assert.Equal(Tunables.SendsUnderWayMin, _door.Limit);
    }

    /// <summary>
    /// The first send is answered after this time, and all others, which were not carried before, in the same moment.
    /// </summary>
    private async Task RoundAsync(TimeSpan firstAnsweredAfter)
    {
        _answers = new TaskCompletionSource();
        var sending = Enumerable.Range(0, Sends).Select(_ => _sender.SendAsync(_phone, _request)).ToList();
        _time.Advance(Tunables.LookEvery);
        // With whoever comes by now those before are a group to be judged.
        sending.Add(_sender.SendAsync(_phone, _request));
        _time.Advance(firstAnsweredAfter - Tunables.LookEvery);
        _answers.SetResult();
        Assert.All(await Task.WhenAll(sending), answer => Assert.False(answer.IsRefused));
        Assert.Equal(0, _door.UnderWay);
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    private async Task<Answer<Sent>[]> AnswerAsync(SendCommand[] commands)
    {
        await _answers.Task;
        return Array.ConvertAll(commands, _ => (Answer<Sent>)new Sent(1, _time.GetUtcNow(), Duplicate: false));
    }

#pragma warning disable CA1852 // A proxy derives from them.
    public class Grains : DispatchProxy
    {
        internal Func<SendCommand[], Task<Answer<Sent>[]>> AnswerAsync { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var conversation = Create<IConversationGrain, Conversation>();
            ((Conversation)conversation).AnswerAsync = AnswerAsync;
            return conversation;
        }
    }

    public class Conversation : DispatchProxy
    {
        internal Func<SendCommand[], Task<Answer<Sent>[]>> AnswerAsync { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IConversationGrain.Send)
                ? AnswerAsync((SendCommand[])args![0]!)
                : throw new NotSupportedException(targetMethod.Name);
    }
#pragma warning restore CA1852
}
