using System.Collections.Concurrent;
using Chat.Conversations;
using Chat.Delivery;
using Chat.Gateway.Delivery;
using Chat.Overload;
using Chat.Receipts;
using Chat.Refusals;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Services;

namespace Chat.Gateway.Conversations;

/// <summary>This gateway's lanes to the silos' intakes: one for sends and one for marks to each.</summary>
internal sealed class IntakeLanes
{
    private readonly ConcurrentDictionary<SiloAddress, IntakeLane> _lanes = new();
    private readonly Func<SiloAddress, IntakeLane> _open;

    public IntakeLanes(
        Intakes intakes, SiloDirectory silos, IOptions<ConnectionOptions> options, LoadGauge load,
        TimeProvider time)
    {
        _open = silo => new IntakeLane(intakes.Of(silo), options.Value.CallsApart, load, time);
        silos.SiloGone += silo => _lanes.TryRemove(silo, out _);
    }

    public IntakeLane Of(SiloAddress silo) => _lanes.GetOrAdd(silo, _open);
}

/// <summary>Reaches the intake of one silo.</summary>
internal sealed class Intakes(IServiceProvider services) : GrainServiceClient<IConversationIntake>(services)
{
    public IConversationIntake Of(SiloAddress silo) => GetGrainService(silo);
}

/// <summary>
/// The way to one silo's intake. A batch goes when the last one is a few milliseconds old, whether or not that one has
/// been answered: a conversation has only one item of a connection under way, so nothing can overtake.
/// </summary>
internal sealed class IntakeLane(IConversationIntake intake, TimeSpan callsApart, LoadGauge load, TimeProvider time)
{
    private readonly BatchedCalls<SendsTo, Answer<Sent>[]?> _sends = new(intake.Send, callsApart, load, time);
    private readonly BatchedCalls<MarksTo, Answer<MarkOutcome>[]?> _marks = new(intake.Mark, callsApart, load, time);

    public Task<Answer<Sent>[]?> SendAsync(SendsTo sends) => _sends.CallAsync(sends);

    public Task<Answer<MarkOutcome>[]?> MarkAsync(MarksTo marks) => _marks.CallAsync(marks);
}
