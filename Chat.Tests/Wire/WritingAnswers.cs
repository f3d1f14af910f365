using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chat.Conversations;
using Chat.Gateway.Wire;
using Chat.Groups;
using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;
using MessagePack;
using MessagePack.Resolvers;
using Microsoft.AspNetCore.SignalR.Protocol;
using Xunit;

namespace Chat.Tests.Wire;

/// <summary>Both encodings say the same under the contract's names.</summary>
public sealed class WritingAnswers
{
    private static readonly ConversationId Conversation = new(Guid.Parse("b2a9e3a0c1d24f6c8a53a6cb1b0e7f10"));
    private static readonly UserId Alice = new(Guid.Parse("00000000000000000000000000000001"));
    private static readonly DateTimeOffset At = new(2025, 6, 1, 12, 30, 15, 250, TimeSpan.FromHours(2));

    private static readonly Message Plain = new(
        Conversation, 7, "m1", Alice, At, new Content { Kind = ContentKind.Text, Text = "héllo 👋" });

    private static readonly Conversation Direct = new(
        Conversation, "direct", null, 2, [new Member(Alice, "member", 7, null)], 7, Plain, "v1", 0, 7, 7,
        Retention.Permanent, null, null, 1, null);

    public static TheoryData<object, string> Shapes => new()
    {
        {
            Plain,
            """
            {"conversationId":"b2a9e3a0c1d24f6c8a53a6cb1b0e7f10","seq":7,
            "messageId":"b2a9e3a0c1d24f6c8a53a6cb1b0e7f10-7","clientMessageId":"m1",
            "senderId":"00000000000000000000000000000001","sentAt":"2025-06-01T10:30:15.250Z",
            "content":{"kind":"text","text":"héllo 👋"}}
            """
        },
        {
            new Message(
                Conversation, long.MaxValue, null, Alice, At,
                new Content
                {
                    Kind = ContentKind.System, Event = "retentionSet", ActorId = Alice, UserIds = [Alice], Title = "T",
                    Retention = new Retention("disappearing", 60), Role = GroupRole.Admin, HistoryVisibility = "full",
                    OnlyAdminsSend = false,
                },
                ExpiresAt: At, EditedAt: At, Reactions: [new Reaction("👍", [Alice])]),
            """
            {"conversationId":"b2a9e3a0c1d24f6c8a53a6cb1b0e7f10","seq":9223372036854775807,
            "messageId":"b2a9e3a0c1d24f6c8a53a6cb1b0e7f10-9223372036854775807",
            "senderId":"00000000000000000000000000000001","sentAt":"2025-06-01T10:30:15.250Z",
            "content":{"kind":"system","event":"retentionSet","actorId":"00000000000000000000000000000001",
            "userIds":["00000000000000000000000000000001"],"title":"T",
            "retention":{"mode":"disappearing","afterSeconds":60},"role":"admin","historyVisibility":"full",
            "onlyAdminsSend":false},
            "expiresAt":"2025-06-01T10:30:15.250Z","editedAt":"2025-06-01T10:30:15.250Z",
            "reactions":[{"emoji":"👍","userIds":["00000000000000000000000000000001"]}]}
            """
        },
        {
            Direct,
            """
            {"conversationId":"b2a9e3a0c1d24f6c8a53a6cb1b0e7f10","kind":"direct","memberCount":2,
            "members":[{"userId":"00000000000000000000000000000001","role":"member","deliveredSeq":7}],
            "lastSeq":7,"lastMessage":{"conversationId":"b2a9e3a0c1d24f6c8a53a6cb1b0e7f10","seq":7,
            "messageId":"b2a9e3a0c1d24f6c8a53a6cb1b0e7f10-7","clientMessageId":"m1",
            "senderId":"00000000000000000000000000000001","sentAt":"2025-06-01T10:30:15.250Z",
            "content":{"kind":"text","text":"héllo 👋"}},"version":"v1","unread":0,"readSeq":7,"deliveredSeq":7,
            "retention":{"mode":"permanent"},"joinedSeq":1}
            """
        },
        {
            Direct with
            {
                Kind = "group", Title = "T", Members = null, LastMessage = null, HistoryVisibility = "fromJoin",
                OnlyAdminsSend = true, LeftSeq = 7, Description = "D", PictureMediaId = "p", Role = "owner",
                MutedUntil = At,
            },
            """
            {"conversationId":"b2a9e3a0c1d24f6c8a53a6cb1b0e7f10","kind":"group","title":"T","memberCount":2,
            "lastSeq":7,"version":"v1","unread":0,"readSeq":7,"deliveredSeq":7,"retention":{"mode":"permanent"},
            "historyVisibility":"fromJoin","onlyAdminsSend":true,"joinedSeq":1,"leftSeq":7,"description":"D",
            "pictureMediaId":"p","role":"owner","mutedUntil":"2025-06-01T10:30:15.250Z"}
            """
        },
        {
            new SendAnswer(Conversation, 7, Conversation.MessageId(7), At, false),
            """
            {"conversationId":"b2a9e3a0c1d24f6c8a53a6cb1b0e7f10","seq":7,
            "messageId":"b2a9e3a0c1d24f6c8a53a6cb1b0e7f10-7","sentAt":"2025-06-01T10:30:15.250Z","duplicate":false}
            """
        },
        { new Watermarks(7, 5), """{"deliveredSeq":7,"readSeq":5}""" },
        {
            new ReceiptList([new MemberReceipt(Alice, At, null)], 1, 0, 1),
            """
            {"members":[{"userId":"00000000000000000000000000000001","deliveredAt":"2025-06-01T10:30:15.250Z"}],
            "deliveredCount":1,"readCount":0,"memberCount":1}
            """
        },
        {
            new ReceiptAdvanced(Conversation, Alice, 7, 5, At),
            """
            {"conversationId":"b2a9e3a0c1d24f6c8a53a6cb1b0e7f10","userId":"00000000000000000000000000000001",
            "deliveredSeq":7,"readSeq":5,"at":"2025-06-01T10:30:15.250Z"}
            """
        },
        {
            new HistoryPage([], [new GoneRange(1, 3)], true),
            """{"messages":[],"gone":[{"fromSeq":1,"toSeq":3}],"hasMore":true}"""
        },
        {
            new ResumeAnswer([], [], [new GoneInConversation(Conversation, 1, 3)], [Conversation]),
            """
            {"conversations":[],"messages":[],
            "gone":[{"conversationId":"b2a9e3a0c1d24f6c8a53a6cb1b0e7f10","fromSeq":1,"toSeq":3}],
            "truncated":["b2a9e3a0c1d24f6c8a53a6cb1b0e7f10"]}
            """
        },
        { new ConversationPage([], "c"), """{"conversations":[],"nextCursor":"c"}""" },
        { new MemberPage([], null), """{"members":[]}""" },
        { new Media("m", "image/png", 1, 2, 3, "t"),
            """{"mediaId":"m","contentType":"image/png","width":1,"height":2,"byteLength":3,"thumbHash":"t"}""" },
        { new ResyncRequired(), "{}" },
        { new ResyncRequired(Conversation), """{"conversationId":"b2a9e3a0c1d24f6c8a53a6cb1b0e7f10"}""" },
        { new Draining(500), """{"reconnectAfterMs":500}""" },
        { EmptyAnswer.Instance, "{}" },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void An_answer_has_the_contracts_shape_in_JSON(object answer, string expected)
    {
        var frame = Frames.Json.GetMessageBytes(CompletionMessage.WithResult("1", answer)).ToArray();
        var message = JsonNode.Parse(Encoding.UTF8.GetString(frame, 0, frame.Length - 1))!;
        AssertSame(expected, message["result"]);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void An_answer_has_the_contracts_shape_in_MessagePack(object answer, string expected)
    {
        var options = ChatMessagePack.Create(Frames.Limits);
        var bytes = MessagePackSerializer.Serialize(answer.GetType(), answer, options);
        var values = MessagePackSerializer.Deserialize<object>(
            bytes, MessagePackSerializerOptions.Standard.WithResolver(PrimitiveObjectResolver.Instance));
        AssertSame(expected, ToJson(values));
    }

    [Fact]
    public void A_messages_absent_fields_are_left_out_of_MessagePack()
    {
        var bytes = MessagePackSerializer.Serialize(Plain, ChatMessagePack.Create(Frames.Limits));
        var reader = new MessagePackReader(bytes);
        Assert.Equal(7, reader.ReadMapHeader());
    }

    [Fact]
    public void SignalR_writes_a_push_in_MessagePack_with_our_shapes()
    {
        var frame = Frames.Pack.GetMessageBytes(new InvocationMessage("MessageAppended", [Plain]));
        var bytes = MessagePackSerializer.Serialize(Plain, ChatMessagePack.Create(Frames.Limits));
        Assert.True(frame.Span.IndexOf(bytes) > 0);
    }

    [Fact]
    public void A_refusal_is_one_object_in_the_error_text()
    {
        var text = Refusal.RateLimited(TimeSpan.FromMilliseconds(250)).ToHubException().Message;
        AssertSame(
            """{"code":"rate_limited","message":"Too many sends.","retryable":true,"retryAfterMs":250}""",
            JsonNode.Parse(text));
        Assert.DoesNotContain("retryAfterMs", Refusal.Blocked.ToHubException().Message, StringComparison.Ordinal);
    }

    private static void AssertSame(string expected, JsonNode? actual) =>
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(expected), actual),
            $"Expected {expected}, got {actual?.ToJsonString()}");

    // Nil is as good as absent, and a timestamp stands for the text of a time.
    private static JsonNode? ToJson(object? value) => value switch
    {
        IDictionary<object, object?> map => new JsonObject(map
            .Where(pair => pair.Value is not null)
            .Select(pair => KeyValuePair.Create((string)pair.Key, ToJson(pair.Value)))),
        object?[] items => new JsonArray([.. items.Select(ToJson)]),
        DateTime time => JsonSerializer.SerializeToNode((DateTimeOffset)time, ChatJson.Answers),
        ulong or long or int or uint or short or ushort or byte or sbyte =>
            JsonNode.Parse(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!),
        bool truth => truth,
        string text => text,
        _ => throw new InvalidOperationException($"Not a value of the wire: {value}"),
    };
}
