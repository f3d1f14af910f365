using System.Reflection;
using Chat.Conversations;
using Chat.Delivery;
using Chat.Gateway.Conversations;
using Chat.Gateway.Delivery;
using Chat.Gateway.Receipts;
using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;
using Chat.Tests.Delivery;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Receipts;

/// <summary>
/// A gateway gives again what may be lost, and nothing else: neither what was refused nor what the end of the log cut
/// off.
/// </summary>
public sealed class HoldingMarks : IDisposable
{
    private const long FarPastTheEnd = 1_000_000;

    private static readonly ConversationId Chat = new(new Guid(1, 2, 3, new byte[8]));

    private readonly ClientConnection _phone =
        new(null!, ScriptedCluster.Users(1)[0], key: 1, queuedPushesMax: 1);
    private readonly List<Watermarks> _given = [];
    private readonly ReceiptOutbox _outbox;
    private Func<Answer<MarkOutcome>> _answer = () => throw new NotSupportedException();

    public HoldingMarks()
    {
        var grains = DispatchProxy.Create<IGrainFactory, Grains>();
        ((Grains)grains).Answer = mark =>
        {
            _given.Add(mark.Watermarks);
            return _answer();
        };
        // Nobody knows where the conversation is, so no lane to an intake is asked for.
        var places = new ConversationPlaces(new SiloDirectory(new ScriptedCluster().Membership));
        var calls = new ConversationCalls(grains, places, null!, NullLogger<ConversationCalls>.Instance);
        _outbox = new ReceiptOutbox(calls, new FakeTimeProvider());
    }

    public void Dispose() => _outbox.Dispose();

    [Fact]
    public async Task A_mark_past_the_end_of_the_log_marks_no_later_message_once_it_was_answered()
    {
        _answer = () => throw new TimeoutException();
        Assert.Equal("unavailable", (await MarkAsync(FarPastTheEnd)).Refusal?.Code);

        _answer = () => new MarkOutcome(Upto(50), Upto(50));
        Assert.Equal([FarPastTheEnd], await GivenAgainAsync());

        Assert.Empty(await GivenAgainAsync());
    }

    [Fact]
    public async Task Of_a_mark_past_the_end_only_what_is_not_durable_is_given_again()
    {
        _answer = () => throw new TimeoutException();
        await MarkAsync(FarPastTheEnd);

        _answer = () => new MarkOutcome(Upto(50), Upto(0));
        await GivenAgainAsync();

        Assert.Equal([50], await GivenAgainAsync());
    }

    [Fact]
    public async Task A_mark_that_was_refused_as_busy_is_not_carried_out_later()
    {
        _answer = () => Refusal.Busy(TimeSpan.FromSeconds(1));
        Assert.Equal("busy", (await MarkAsync(7)).Refusal?.Code);

        Assert.Empty(await GivenAgainAsync());
    }

    [Fact]
    public async Task What_was_taken_before_a_refusal_is_held_until_it_is_durable()
    {
        _answer = () => new MarkOutcome(Upto(5), Upto(0));
        await MarkAsync(5);
        _answer = () => Refusal.Busy(TimeSpan.FromSeconds(1));
        await MarkAsync(7);

        _answer = () => new MarkOutcome(Upto(5), Upto(5));
        Assert.Equal([5], await GivenAgainAsync());
        Assert.Empty(await GivenAgainAsync());
    }

    [Fact]
    public async Task A_higher_mark_whose_outcome_is_unknown_outlives_the_answer_to_a_lower_one()
    {
        _answer = () => throw new TimeoutException();
        await MarkAsync(9);
        _answer = () => new MarkOutcome(Upto(5), Upto(5));
        await MarkAsync(5);

        Assert.Equal([9], await GivenAgainAsync());
    }

    private static Watermarks Upto(long seq) => new(seq, seq);

    private Task<Answer<Watermarks>> MarkAsync(long seq) => _outbox.MarkAsync(_phone, Chat, Upto(seq));

    /// <summary>What is held is given at once where somebody reads, and with the clock's next tick otherwise.</summary>
    private async Task<IReadOnlyList<long>> GivenAgainAsync()
    {
        _given.Clear();
        await _outbox.FlushAsync(_phone.User);
        return [.. _given.Select(watermarks => watermarks.ReadSeq)];
    }

#pragma warning disable CA1852 // A proxy derives from them.
    public class Grains : DispatchProxy
    {
        internal Func<ReceiptMark, Answer<MarkOutcome>> Answer { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var conversation = Create<IConversationGrain, Conversation>();
            ((Conversation)conversation).Answer = Answer;
            return conversation;
        }
    }

    public class Conversation : DispatchProxy
    {
        internal Func<ReceiptMark, Answer<MarkOutcome>> Answer { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IConversationGrain.Mark)
                ? Task.FromResult(Array.ConvertAll((ReceiptMark[])args![0]!, mark => Answer(mark)))
                : throw new NotSupportedException(targetMethod.Name);
    }
#pragma warning restore CA1852
}
