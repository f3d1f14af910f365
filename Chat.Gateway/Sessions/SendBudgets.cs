using System.Collections.Concurrent;
using Chat.Ids;
using Chat.Refusals;
using Chat.Users;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Sessions;

/// <summary>
/// The send budgets of the users who use this gateway. Those long unused are let go: they would be full.
/// </summary>
internal sealed class SendBudgets(IGrainFactory grains, IOptions<ChatLimits> limits, TimeProvider time)
{
    private const int SweepPast = 4_096;

    private readonly ConcurrentDictionary<UserId, SendBudget> _budgets = new();
    private int _sweepAt = SweepPast;

    public SendBudget Of(UserId user)
    {
        if (!_budgets.TryGetValue(user, out var budget))
        {
            budget = _budgets.GetOrAdd(
                user, id => new SendBudget(limits.Value, time, (made, spent) => _ = ReportAsync(id, made, spent)));
            SweepIfMany();
        }

        budget.UsedAt = time.GetTimestamp();
        return budget;
    }

    /// <summary>The budget, as the user's own bucket has it; for callers that no session has brought here.</summary>
    public async ValueTask<SendBudget> LoadAsync(UserId user)
    {
        var budget = Of(user);
        if (!budget.IsLoaded) await ReportAsync(user, budget, spent: []);
        return budget;
    }

    private async Task ReportAsync(UserId user, SendBudget budget, SpentSends[] spent)
    {
        try
        {
            budget.Apply(await grains.GetUser(user).SpendSends(spent));
        }
        catch (Exception e) when (Conversations.GrainFaults.IsUnknownOutcome(e))
        {
            // The report is lost and the bucket here goes on alone: at worst one handful of sends too many.
        }
    }

    private void SweepIfMany()
    {
        if (_budgets.Count < Volatile.Read(ref _sweepAt)) return;
        var fullAgainAfter = TimeSpan.FromSeconds(1 + (2.0 * limits.Value.SendBurst / limits.Value.SendsPerSecond));
        foreach (var (user, budget) in _budgets)
            if (time.GetElapsedTime(budget.UsedAt) > fullAgainAfter)
                _budgets.TryRemove(KeyValuePair.Create(user, budget));
        Volatile.Write(ref _sweepAt, Math.Max(SweepPast, _budgets.Count * 2));
    }
}
