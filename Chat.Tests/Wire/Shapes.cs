using Chat.Client;
using CsCheck;

namespace Chat.Tests.Wire;

/// <summary>
/// Arguments as each call of the hub takes them, with a field wrong, missing or in excess here and there: what is
/// random from the first byte is refused for its first field and never gets any further.
/// </summary>
/// <param name="chats">Ids of conversations, one's own and others'.</param>
/// <param name="users">Ids of users.</param>
/// <param name="marker">Stands in every text that is written, so that it can be looked for.</param>
internal sealed class Shapes(string[] chats, string[] users, string marker)
{
    private const int DeepLevels = 40;

    private Gen<Value> Chat => Gen.Frequency(
        (4, Words(chats)), (1, Words(marker, Guid.Empty.ToString("N"), Guid.Empty.ToString())));

    private Gen<Value> User => Gen.Frequency((4, Words(users)), (1, Words(marker, Guid.Empty.ToString("N"))));

    private Gen<Value> Users => User.Array[0, 4].Select(ids => (Value)new Value.Items(ids));

    private Gen<Value> Text => Gen.OneOf(
        Words(marker, marker, "é👋" + marker, $"{marker}\u0000", ""),
        Gen.String[0, 12].Select(text => (Value)new Value.Words(marker + text)));

    /// <summary>Printable, as ids of a client's making and codes are; some of them come again.</summary>
    private Gen<Value> Name => Gen.OneOf(
        Words(marker, marker + "é"), Gen.Int[0, 50].Select(n => (Value)new Value.Words($"{marker}{n}")));

    private static Gen<Value> Place => Gen.Long[0, 12].Select(seq => (Value)new Value.Whole(seq));

    private static Gen<Value> Limit => Gen.Long[0, 210].Select(limit => (Value)new Value.Whole(limit));

    private static Gen<Value> Seconds => Gen.Long[-1, 100].Select(seconds => (Value)new Value.Whole(seconds));

    private static Gen<Value> Truth => Gen.Bool.Select(truth => (Value)new Value.Truth(truth));

    /// <summary>By method, the fields that it takes.</summary>
    public IReadOnlyDictionary<string, (string Name, Gen<Value> Value)[]> Fields
    {
        get
        {
            (string Name, Gen<Value> Value)[] seq = [("conversationId", Chat), ("seq", Place)];
            (string Name, Gen<Value> Value)[] page = [("cursor", Text), ("limit", Limit)];
            (string Name, Gen<Value> Value)[] settings =
            [
                ("title", Text), ("description", Text), ("historyVisibility", Words("fromJoin", "full", marker)),
                ("onlyAdminsSend", Truth),
            ];
            return new Dictionary<string, (string Name, Gen<Value> Value)[]>
            {
                [HubMethods.OpenDirect] = [("userId", User)],
                [HubMethods.Send] = [("conversationId", Chat), ("clientMessageId", Name), ("content", Content)],
                [HubMethods.MarkDelivered] = seq,
                [HubMethods.MarkRead] = seq,
                [HubMethods.GetReceipts] = seq,
                [HubMethods.GetConversations] = page,
                [HubMethods.GetMembers] = [("conversationId", Chat), .. page],
                [HubMethods.GetHistory] =
                    [("conversationId", Chat), Rare("before"), Rare("after"), Rare("around"), ("limit", Limit)],
                [HubMethods.Resume] = [("conversations", Held)],
                [HubMethods.Block] = [("userId", User)],
                [HubMethods.Unblock] = [("userId", User)],
                [HubMethods.CreateGroup] = [("memberIds", Users), .. settings, ("retention", Retention)],
                [HubMethods.AddMembers] = [("conversationId", Chat), ("userIds", Users)],
                [HubMethods.RemoveMember] = [("conversationId", Chat), ("userId", User)],
                [HubMethods.Leave] = [("conversationId", Chat)],
                [HubMethods.SetRole] =
                    [("conversationId", Chat), ("userId", User), ("role", Words("owner", "admin", "member", marker))],
                [HubMethods.UpdateGroup] = [("conversationId", Chat), .. settings, ("pictureMediaId", Text)],
                [HubMethods.CreateInvite] =
                    [("conversationId", Chat), ("expiresAfterSeconds", Seconds), ("usesMax", Seconds)],
                [HubMethods.JoinByInvite] = [("code", Name)],
                [HubMethods.RevokeInvite] = [("conversationId", Chat), ("code", Name)],
                [HubMethods.SetMuted] = [("conversationId", Chat), ("forSeconds", Seconds)],
                [HubMethods.Watch] = [("userIds", Users)],
                [HubMethods.Unwatch] = [("userIds", Users)],
                [HubMethods.ReportActivity] = [],
                [HubMethods.SetTyping] = [("conversationId", Chat), ("typing", Truth)],
                [HubMethods.SetPrivacy] =
                    [("lastSeen", Words("everyone", "contacts", "nobody", marker)), ("readReceipts", Truth)],
            };
        }
    }

    private Gen<Value> Content => ObjectOf(
    [
        ("kind", Words("text", "text", "text", "edit", "delete", "reaction", "deleted", "system", "image", marker)),
        ("text", Text), ("targetSeq", Place), Rare("replyTo"), ("emoji", Words("👍", marker)),
    ]);

    private Gen<Value> Held => ObjectOf([("conversationId", Chat), ("seq", Place), ("version", Text)])
        .Array[0, 3].Select(held => (Value)new Value.Items(held));

    private Gen<Value> Retention => ObjectOf([("mode", Words("permanent", "permanent", marker))]);

    /// <summary>Arguments of a method: mostly its fields, at times any object, or no object at all.</summary>
    public Gen<Value> ArgumentsOf(string method) =>
        Gen.Frequency((12, ObjectOf(Fields[method])), (2, Value.Objects), (1, Value.Any));

    private Gen<Value> ObjectOf((string Name, Gen<Value> Value)[] fields)
    {
        var all = Gen.Frequency(
            (1, Gen.Const(new List<(string, Value)> { ("later", new Value.Words(marker)) })),
            (4, Gen.Const(new List<(string, Value)>())));
        foreach (var (name, value) in fields)
        {
            var field = Gen.Frequency(
                (40, value.Select(right => (Value?)right)), (1, Gen.Const((Value?)null)),
                (1, Value.Any.Select(any => (Value?)any)), (1, Excess.Select(excess => (Value?)excess)));
            all = Gen.Select(
                all, field, (list, one) => one is null ? list : [.. list, (name, one)]);
        }

        return all.Select(list => (Value)new Value.Fields([.. list]));
    }

    /// <summary>Longer than any text may be, or deeper than anything is; each fits into a frame.</summary>
    private Gen<Value> Excess => Gen.OneOf(
        Gen.Const((Value)new Value.Words(marker + new string('x', 20_000))),
        Gen.Const(Enumerable.Range(0, DeepLevels).Aggregate(
            (Value)new Value.Words(marker), (inner, _) => new Value.Items([inner]))));

    /// <summary>Seldom there: these exclude one another.</summary>
    private static (string Name, Gen<Value> Value) Rare(string name) =>
        (name, Gen.Frequency((1, Place), (2, Gen.Const((Value)new Value.Nil()))));

    private static Gen<Value> Words(params string[] words) =>
        Gen.OneOf(words).Select(word => (Value)new Value.Words(word));
}
