using Chat.Ids;
using Chat.Storage;

namespace Chat.Users;

/// <summary>
/// Finds the contacts of one user: whom he has sent something in their direct conversation, as its log says. No index
/// leads from a sender to his entries, so who never answered somebody with thousands of messages would have all of them
/// looked through each time he is asked. A log only grows at its end: the next look begins where this one ended, or
/// where it found him.
/// <para><b>Bound.</b> Short logs are not remembered; past <see cref="PlacesMax"/> long ones all are forgotten and
/// looked through anew.</para>
/// </summary>
internal sealed class ContactSearch(IPresenceStore store, DirectIds directs, UserId owner)
{
    internal const int PlacesMax = 4_096;

    /// <summary>A page or two of entries is read in no time.</summary>
    internal const int ShortMax = 256;

    /// <summary>By the other one: up to where the owner has sent nothing.</summary>
    private readonly Dictionary<UserId, long> _silentTo = [];

    public async Task<UserId[]> FindAsync(UserId[] others)
    {
        var questions = Array.ConvertAll(others, other => new ContactQuestion(
            other, directs.Of(owner, other), _silentTo.GetValueOrDefault(other)));
        var answers = await store.FindContactsAsync(owner, questions, CancellationToken.None);
        foreach (var answer in answers)
            if (answer.LastSeq > ShortMax) Note(answer.Other, answer.SentSeq - 1 ?? answer.LastSeq);
        return [.. from answer in answers where answer.SentSeq is not null select answer.Other];
    }

    private void Note(UserId other, long silentTo)
    {
        if (silentTo == 0) return;
        if (_silentTo.Count >= PlacesMax && !_silentTo.ContainsKey(other)) _silentTo.Clear();
        _silentTo[other] = silentTo;
    }
}
