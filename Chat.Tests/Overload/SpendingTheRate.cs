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
using Chat.Storage;
using Chat.Tests.Delivery;
using Chat.Users;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Overload;

/// <summary>Only what gets through the door counts against the sender's rate, and nothing past it gets there.</summary>
public sealed class SpendingTheRate
{
    private const int Burst = 3;

    private static readonly OverloadOptions OneAtOnce = new()
    {
        SendsUnderWayMin = 1, SendsUnderWayFirst = 1, SendsUnderWayMax = 1, SendsUnderWayCalm = 1,
    };

    private readonly SendRequest _request =
        new() { ConversationId = new ConversationId(new Guid(1, 2, 3, new byte[8])) };
    private readonly ClientConnection _phone =
        new(null!, ScriptedCluster.Users(1)[0], key: 1, queuedPushesMax: 1);
    private readonly ConversationCalls _calls;
    private readonly SendDoor _door;
    private readonly Sender _sender;
    private TaskCompletionSource _answers = new();
    private int _reported;

    public SpendingTheRate()
    {
        var time = new FakeTimeProvider();
        var silos = new SiloDirectory(new ScriptedCluster().Membership);
        var places = new ConversationPlaces(silos);
        var gauge = new LoadGauge(Options.Create(OneAtOnce), time, NullLogger<LoadGauge>.Instance);
        var pool = new PoolDelay(time, static _ => { });
        var doors = new SendDoors(places, gauge, pool, silos, Options.Create(OneAtOnce), time);
        var grains = DispatchProxy.Create<IGrainFactory, Grains>();
        ((Grains)grains).Test = this;
        _calls = new ConversationCalls(grains, places, null!, NullLogger<ConversationCalls>.Instance);
        var limits = Options.Create(new ChatLimits { SendsPerSecond = 1, SendBurst = Burst });
        _door = doors.To(_request.ConversationId);
        _sender = new Sender(_calls, new SendBudgets(grains, limits, time), doors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_send_that_was_refused_as_busy_leaves_the_rate_as_it_was(bool overRest)
    {
        var first = SendAsync(overRest);
        for (var i = 0; i < 10 * Burst; i++) Assert.Equal("busy", (await SendAsync(overRest)).Refusal?.Code);
        _answers.SetResult();
        Assert.False((await first).IsRefused);

        for (var i = 1; i < Burst; i++) Assert.False((await SendAsync(overRest)).IsRefused);

        Assert.Equal("rate_limited", (await SendAsync(overRest)).Refusal?.Code);
        Assert.Equal(Burst, _reported);
    }

    [Fact]
    public async Task Who_is_past_his_rate_takes_no_place_at_the_door()
    {
        _answers.SetResult();
        for (var i = 0; i < Burst; i++) Assert.False((await SendAsync(overRest: false)).IsRefused);
        _answers = new TaskCompletionSource();

        Assert.Equal("rate_limited", (await SendAsync(overRest: false)).Refusal?.Code);

        Assert.Equal(0, _door.UnderWay);
        Assert.True(_door.TryEnter(out _));
    }

    [Theory]
    [InlineData(1, "busy")]
    [InlineData(2, "unavailable")]
    public async Task A_store_too_busy_to_look_something_up_is_no_fault(int sends, string code)
    {
        _answers.SetException(new StoreBusyException());
        var command = new SendCommand(_phone.User, "m", new Content { Kind = ContentKind.Text, Text = "x" }, Origin: 0);

        var answers = await _calls.SendAsync(_request.ConversationId, [.. Enumerable.Repeat(command, sends)]);

        Assert.All(answers, answer => Assert.Equal(code, answer.Refusal?.Code));
    }

    private Task<Answer<SendAnswer>> SendAsync(bool overRest) =>
        overRest ? _sender.SendAsync(_phone.User, _request) : _sender.SendAsync(_phone, _request);

    private async Task<Answer<Sent>[]> AnswerAsync(SendCommand[] commands)
    {
        await _answers.Task;
        return Array.ConvertAll(commands, _ => (Answer<Sent>)new Sent(1, DateTimeOffset.UnixEpoch, Duplicate: false));
    }

    private SendAllowance Report(SpentSends[] spent)
    {
        _reported += spent.Sum(sends => sends.Count);
        return new SendAllowance(int.MaxValue);
    }

#pragma warning disable CA1852 // A proxy derives from them.
    public class Grains : DispatchProxy
    {
        internal SpendingTheRate Test { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var isUser = targetMethod!.GetGenericArguments()[0] == typeof(IUserGrain);
            var grain = isUser ? (object)Create<IUserGrain, Grain>() : Create<IConversationGrain, Grain>();
            ((Grain)grain).Test = Test;
            return grain;
        }
    }

    public class Grain : DispatchProxy
    {
        internal SpendingTheRate Test { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(IConversationGrain.Send) => Test.AnswerAsync((SendCommand[])args![0]!),
            nameof(IUserGrain.SpendSends) => Task.FromResult(Test.Report((SpentSends[])args![0]!)),
            _ => throw new NotSupportedException(targetMethod.Name),
        };
    }
#pragma warning restore CA1852
}
