using System.Collections.Concurrent;
using Chat.Client;
using Chat.Tests.Language;
using Xunit;

namespace Chat.Tests.Promises;

/// <summary>
/// What a test sent and what it was answered, to be held against the log: every answered id once, at the seq that was
/// answered, and every log contiguous from 1.
/// </summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<(string Chat, string Sender, string Id), SendAnswer?> _sends = new();

    internal IEnumerable<string> Chats => _sends.Keys.Select(send => send.Chat).Distinct();

    internal int Count => _sends.Count;

    /// <summary>Each of them was told to send it; whether it did is not known yet.</summary>
    internal void Sending(string chat, Person sender, string id) => _sends.TryAdd((chat, sender.Id, id), null);

    /// <summary>An answer; a second one to the same id has to say the same.</summary>
    internal void Answered(string chat, Person sender, string id, SendAnswer answer) => _sends.AddOrUpdate(
        (chat, sender.Id, id),
        answer,
        (_, first) =>
        {
            Assert.True(
                first is null || (first.Seq == answer.Seq && first.MessageId == answer.MessageId),
                $"{id} was answered as {first} and then as {answer}.");
            return first ?? answer;
        });

    /// <summary>Sends and keeps the books.</summary>
    internal async Task<SendAnswer> InsistAsync(Device device, string chat, string text, string? id = null)
    {
        id ??= device.Chat.NewClientMessageId();
        Sending(chat, device.Owner, id);
        var answer = await device.InsistAsync(chat, text, id);
        Answered(chat, device.Owner, id, answer);
        return answer;
    }

    /// <summary>Holds the books against the log as a member reads it.</summary>
    internal async Task CompareAsync(Device reader, IEnumerable<string> chats)
    {
        foreach (var chat in chats)
        {
            var log = await reader.ReadAllAsync(chat);
            Compare(
                $"{reader}'s history",
                chat,
                [.. log.Select(m => new StoredEntry(chat, m.Seq, m.SenderId, m.ClientMessageId ?? ""))]);
            foreach (var message in log)
            {
                var answer = _sends.GetValueOrDefault((chat, message.SenderId, message.ClientMessageId ?? ""));
                Assert.True(
                    answer is null || answer.MessageId == message.MessageId,
                    $"{message.ClientMessageId} was answered as {answer?.MessageId} and is {message.MessageId}.");
            }
        }
    }

    /// <summary>Holds the books against the tables; entries of other tests' conversations are passed over.</summary>
    internal void Compare(IEnumerable<StoredEntry> stored)
    {
        var byChat = stored.ToLookup(entry => entry.Chat);
        foreach (var chat in Chats) Compare("the store", chat, [.. byChat[chat]]);
    }

    private void Compare(string where, string chat, IReadOnlyList<StoredEntry> log)
    {
        for (var i = 0; i < log.Count; i++)
        {
            Assert.True(
                log[i].Seq == i + 1,
                $"Conversation {chat} in {where}: place {i + 1} of {log.Count} has seq {log[i].Seq}.");
        }

        var places = log.ToLookup(entry => (entry.Chat, entry.SenderId, entry.ClientMessageId), entry => entry.Seq);
        foreach (var twice in places.Where(place => place.Count() > 1))
            Assert.Fail($"{twice.Key} lies in {where} at each of the seqs {string.Join(", ", twice)}.");
        foreach (var (send, answer) in _sends.Where(send => send.Key.Chat == chat && send.Value is not null))
        {
            Assert.True(
                places[send].SingleOrDefault() == answer!.Seq,
                $"{send} was answered with seq {answer.Seq} and lies in {where} at "
                + (places[send].Any() ? $"seq {places[send].Single()}." : "no seq at all."));
        }

        foreach (var alien in places.Where(place => !_sends.ContainsKey(place.Key)))
            Assert.Fail($"{alien.Key} lies in {where} and was never sent.");
    }
}
