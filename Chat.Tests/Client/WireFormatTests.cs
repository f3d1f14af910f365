using System.Text.Json;
using Chat.Client;
using MessagePack;
using MessagePack.Resolvers;
using Xunit;

namespace Chat.Tests.Client;

/// <summary>Both encodings of the contract, as the client writes and reads them.</summary>
public sealed class WireFormatTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, 123, TimeSpan.Zero);

    private static readonly Message Whole = new()
    {
        ConversationId = "c1",
        Seq = 7,
        MessageId = "m7",
        ClientMessageId = "id",
        SenderId = "alice",
        SentAt = Noon,
        Content = Content.OfText("hi", replyTo: 3),
        ExpiresAt = Noon.AddHours(1),
        Reactions = [new Reaction { Emoji = "👍", UserIds = ["bob"] }],
    };

    [Fact]
    public void Keys_are_camelCase_and_absent_fields_are_left_out_of_JSON()
    {
        var json = JsonSerializer.Serialize(
            new SendRequest { ConversationId = "c", ClientMessageId = "i", Content = Content.OfText("x") },
            WireFormat.Json);

        Assert.Equal("""{"conversationId":"c","clientMessageId":"i","content":{"kind":"text","text":"x"}}""", json);
    }

    [Fact]
    public void Keys_are_camelCase_in_MessagePack_and_times_are_timestamps()
    {
        var bytes = MessagePackSerializer.Serialize(Whole, WireFormat.MessagePack);
        var map = (Dictionary<object, object?>)MessagePackSerializer.Deserialize<object>(
            bytes, MessagePackSerializerOptions.Standard.WithResolver(PrimitiveObjectResolver.Instance))!;

        Assert.Equal("c1", map["conversationId"]);
        Assert.Equal(Noon.UtcDateTime, map["sentAt"]);
        Assert.Equal(Noon.UtcDateTime.AddHours(1), map["expiresAt"]);
        Assert.Null(map["editedAt"]);
        Assert.Equal("text", ((Dictionary<object, object?>)map["content"]!)["kind"]);
    }

    [Fact]
    public void A_message_comes_back_whole_from_both()
    {
        var packed = MessagePackSerializer.Deserialize<Message>(
            MessagePackSerializer.Serialize(Whole, WireFormat.MessagePack), WireFormat.MessagePack);
        var text = JsonSerializer.Deserialize<Message>(
            JsonSerializer.Serialize(Whole, WireFormat.Json), WireFormat.Json)!;

        foreach (var read in new[] { packed, text })
        {
            Assert.Equal(Whole with { Reactions = null }, read with { Reactions = null });
            Assert.Equal(["bob"], Assert.Single(read.Reactions!).UserIds);
        }
    }

    [Fact]
    public void A_time_may_be_text_too()
    {
        var bytes = MessagePackSerializer.ConvertFromJson(
            """{"deliveredAt":"2026-03-04T12:00:00.123Z","readAt":null}""");
        var read = MessagePackSerializer.Deserialize<MemberReceipt>(bytes, WireFormat.MessagePack);

        Assert.Equal((Noon, null), (read.DeliveredAt, read.ReadAt));
    }

    [Theory]
    [InlineData("""{"conversationId":"c","future":{"a":[1]},"lastSeq":4}""")]
    [InlineData("""{"conversationId":"c","retention":null,"members":null,"lastSeq":4,"title":null}""")]
    public void Unknown_fields_are_passed_over_and_absent_is_nil(string json)
    {
        var packed = MessagePackSerializer.Deserialize<Conversation>(
            MessagePackSerializer.ConvertFromJson(json), WireFormat.MessagePack);
        var text = JsonSerializer.Deserialize<Conversation>(json, WireFormat.Json)!;

        foreach (var read in new[] { packed, text })
        {
            Assert.Equal(("c", 4, null), (read.ConversationId, read.LastSeq, read.Members));
            Assert.Equal("permanent", read.Retention.Mode);
        }
    }

    [Fact]
    public void Ones_own_role_in_a_group_is_read_from_both()
    {
        const string json = """{"conversationId":"c","kind":"group","role":"admin"}""";
        var packed = MessagePackSerializer.Deserialize<Conversation>(
            MessagePackSerializer.ConvertFromJson(json), WireFormat.MessagePack);
        var text = JsonSerializer.Deserialize<Conversation>(json, WireFormat.Json)!;

        Assert.Equal((Roles.Admin, Roles.Admin), (packed.Role, text.Role));
    }

    [Fact]
    public void A_group_may_be_made_with_a_description_and_for_admins_to_send_in()
    {
        var request = new CreateGroupRequest { Title = "t", Description = "d", OnlyAdminsSend = true };

        Assert.Equal(
            """{"title":"t","memberIds":[],"description":"d","onlyAdminsSend":true}""",
            JsonSerializer.Serialize(request, WireFormat.Json));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"messages":null,"gone":null,"truncated":null,"conversations":null}""")]
    public void Absent_lists_are_empty(string json)
    {
        var packed = MessagePackSerializer.Deserialize<ResumeAnswer>(
            MessagePackSerializer.ConvertFromJson(json), WireFormat.MessagePack);
        var text = JsonSerializer.Deserialize<ResumeAnswer>(json, WireFormat.Json)!;

        foreach (var read in new[] { packed, text })
        {
            Assert.Empty(read.Messages);
            Assert.Empty(read.Gone);
            Assert.Empty(read.Truncated);
            Assert.Empty(read.Conversations);
        }
    }

    [Fact]
    public void Nothing_is_an_empty_map_in_both()
    {
        Assert.Equal([0x80], MessagePackSerializer.Serialize(Nothing.Value, WireFormat.MessagePack));
        Assert.Equal("{}", JsonSerializer.Serialize(Nothing.Value, WireFormat.Json));
        byte[] more = [0x81, 0xA1, (byte)'a', 1];
        Assert.NotNull(MessagePackSerializer.Deserialize<Nothing>(more, WireFormat.MessagePack));
    }
}
