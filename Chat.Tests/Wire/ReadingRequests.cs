using System.Reflection;
using Chat.Conversations;
using Chat.Gateway.Conversations;
using Chat.Gateway.Wire;
using CsCheck;
using MessagePack;
using Xunit;

namespace Chat.Tests.Wire;

/// <summary>Whatever object a client sends, it gets carried out or refused with a code.</summary>
public sealed class ReadingRequests
{
    private const string Id = "b2a9e3a0c1d24f6c8a53a6cb1b0e7f10";
    private const string Text = """{"kind":"text","text":"hello"}""";

    public static TheoryData<string, string> Wrong => new()
    {
        { "null", "invalid" },
        { "5", "invalid" },
        { "[]", "invalid" },
        { "{}", "invalid" },
        { Send(conversationId: "5"), "invalid" },
        { Send(conversationId: "null"), "invalid" },
        { Send(conversationId: "\"elsewhere\""), "conversation_not_found" },
        { Send(conversationId: "\"elsewhere\"", clientMessageId: "7"), "invalid" },
        { Send(clientMessageId: "\"\""), "invalid" },
        { Send(clientMessageId: "\"line\\nbreak\""), "invalid" },
        { Send(clientMessageId: "\"é\""), "invalid" },
        { Send(clientMessageId: $"\"{new string('x', 65)}\""), "invalid" },
        { Send(content: "null"), "invalid" },
        { Send(content: "\"hello\""), "invalid" },
        { Send(content: "{}"), "invalid" },
        { Send(content: """{"kind":"text"}"""), "invalid" },
        { Send(content: """{"kind":"text","text":""}"""), "invalid" },
        { Send(content: """{"kind":"text","text":"a\u0000b"}"""), "invalid" },
        { Send(content: """{"kind":"text","text":5}"""), "invalid" },
        { Send(content: """{"kind":"text","text":"a","replyTo":0}"""), "invalid" },
        { Send(content: """{"kind":"text","text":"a","replyTo":1.5}"""), "invalid" },
        { Send(content: """{"kind":"text","text":"a","replyTo":"1"}"""), "invalid" },
        { Send(content: """{"kind":"edit","text":"a"}"""), "invalid" },
        { Send(content: """{"kind":"edit","targetSeq":1}"""), "invalid" },
        { Send(content: """{"kind":"delete"}"""), "invalid" },
        { Send(content: """{"kind":"reaction","emoji":"👍"}"""), "invalid" },
        { Send(content: """{"kind":"reaction","targetSeq":1,"emoji":""}"""), "invalid" },
        { Send(content: """{"kind":"image","text":"a"}"""), "invalid" },
        { Send(content: """{"kind":"deleted"}"""), "invalid" },
        { Send(content: """{"kind":"system","event":"a"}"""), "invalid" },
        { Send(content: """{"kind":"TEXT","text":"a"}"""), "invalid" },
        { Send(content: $$"""{"kind":"text","text":"{{new string('x', 16_385)}}"}"""), "content_too_large" },
        { Send(content: $$"""{"kind":"text","text":"{{new string('é', 8_193)}}"}"""), "content_too_large" },
    };

    [Theory]
    [InlineData(256, 300, null)]
    [InlineData(257, 257, "invalid")]
    [InlineData(1, 4_096, null)]
    [InlineData(1, 4_097, "invalid")]
    public void Whom_to_watch_may_be_named_twice(int different, int named, string? code)
    {
        // Strangers count as users do, so that nobody learns who exists.
        foreach (var prefix in new[] { "", "stranger " })
            foreach (var request in Frames.Bind<WatchRequest>(UserIds(prefix, different, named)))
                Assert.Equal(code, request.Problem?.Code);
    }

    [Theory]
    [InlineData(257, null)]
    [InlineData(4_096, null)]
    [InlineData(4_097, "invalid")]
    public void Whom_to_watch_no_more_may_be_more_than_could_be_watched(int named, string? code)
    {
        foreach (var request in Frames.Bind<UnwatchRequest>(UserIds("", named, named)))
        {
            Assert.Equal(code, request.Problem?.Code);
            if (code is null) Assert.Equal(named, request.Users.Length);
        }
    }

    [Theory, MemberData(nameof(Wrong))]
    public void What_is_wrong_with_a_send_has_a_code(string argument, string code)
    {
        foreach (var request in Frames.Bind<SendRequest>(argument))
            Assert.Equal(code, request.Problem?.Code);
    }

    [Fact]
    public void A_send_is_read_alike_from_both_encodings()
    {
        var argument = Send(content: """{"text":"héllo 👋\n","later":[{"a":[1]}],"replyTo":3,"kind":"text"}""");
        foreach (var request in Frames.Bind<SendRequest>(argument))
        {
            Assert.Null(request.Problem);
            Assert.Equal(Id, request.ConversationId.ToString());
            Assert.Equal("m1", request.ClientMessageId);
            Assert.Equal(new Content { Kind = ContentKind.Text, Text = "héllo 👋\n", ReplyTo = 3 }, request.Content);
        }
    }

    [Fact]
    public void The_longest_text_is_taken()
    {
        var text = new string('é', 8_192);
        foreach (var request in Frames.Bind<SendRequest>(Send(content: $$"""{"kind":"text","text":"{{text}}"}""")))
            Assert.Equal(text, request.Content.Text);
    }

    [Fact]
    public void Escaped_names_and_values_are_what_they_stand_for()
    {
        var escaped =
            $$"""{"conversation\u0049d":"\u0062{{Id[1..]}}","clientMessageId":"\u006d1","content":{{Text}}}""";
        var request = Frames.Bound<SendRequest>(Frames.ParseJson<SendRequest>(escaped));
        Assert.Null(request.Problem);
        Assert.Equal(Id, request.ConversationId.ToString());
        Assert.Equal("m1", request.ClientMessageId);
    }

    [Fact]
    public void Edits_deletes_and_reactions_keep_only_their_own_fields()
    {
        const string Content = """{"kind":"delete","targetSeq":2,"text":"a"}""";
        foreach (var request in Frames.Bind<SendRequest>(Send(content: Content)))
            Assert.Equal(new Content { Kind = ContentKind.Delete, TargetSeq = 2 }, request.Content);
        foreach (var request in Frames.Bind<SendRequest>(Send(content: """{"kind":"reaction","targetSeq":2}""")))
            Assert.Equal(new Content { Kind = ContentKind.Reaction, TargetSeq = 2 }, request.Content);
    }

    [Fact]
    public void A_problem_names_the_field_and_not_the_value()
    {
        var argument = Send(content: """{"kind":"text","text":"a","replyTo":"my secret"}""");
        foreach (var request in Frames.Bind<SendRequest>(argument))
            Assert.Equal("content.replyTo must be a whole number.", request.Problem?.Message);
    }

    [Theory]
    [InlineData("""{"before":3,"after":3}""", "invalid")]
    [InlineData("""{"limit":0}""", "invalid")]
    [InlineData("""{"limit":201}""", "invalid")]
    [InlineData("""{"before":0}""", "invalid")]
    [InlineData("""{"limit":200,"around":7}""", null)]
    [InlineData("""{"after":0}""", null)]
    [InlineData("""{}""", null)]
    public void A_page_of_history_has_one_place_and_a_bounded_size(string rest, string? code)
    {
        var argument = $$"""{"conversationId":"{{Id}}",{{rest[1..]}}""".Replace(",}", "}", StringComparison.Ordinal);
        foreach (var request in Frames.Bind<GetHistoryRequest>(argument))
            Assert.Equal(code, request.Problem?.Code);
    }

    [Fact]
    public void Resume_passes_over_ids_that_nobody_gave_out()
    {
        var argument = $$"""{"conversations":[{"conversationId":"x","seq":1},{"conversationId":"{{Id}}","seq":7}]}""";
        foreach (var request in Frames.Bind<ResumeRequest>(argument))
        {
            Assert.Null(request.Problem);
            Assert.Equal([7], request.Held.Select(held => held.Seq));
        }
    }

    [Theory]
    [InlineData(10_000, null)]
    [InlineData(10_001, "invalid")]
    public void Resume_names_a_bounded_number_of_conversations(int count, string? code)
    {
        var one = new Value.Fields([("conversationId", new Value.Words("x")), ("seq", new Value.Whole(0))]);
        var all = new Value.Fields([("conversations", new Value.Items([.. Enumerable.Repeat(one, count)]))]);
        foreach (var request in Frames.Bind<ResumeRequest>(all))
            Assert.Equal(code, request.Problem?.Code);
    }

    [Fact]
    public void No_nesting_exhausts_the_stack()
    {
        var request = Frames.Bound<MarkRequest>(Frames.ParsePack<MarkRequest>((ref MessagePackWriter writer) =>
        {
            writer.WriteMapHeader(3);
            writer.Write("deep");
            for (var i = 0; i < 120_000; i++)
                writer.WriteArrayHeader(1);
            writer.WriteNil();
            writer.Write("conversationId");
            writer.Write(Id);
            writer.Write("seq");
            writer.Write(4);
        }));
        Assert.Null(request.Problem);
        Assert.Equal(4, request.Seq);
    }

    [Fact]
    public void Names_that_are_no_text_are_passed_over()
    {
        var request = Frames.Bound<UserRequest>(Frames.ParsePack<UserRequest>((ref MessagePackWriter writer) =>
        {
            writer.WriteMapHeader(3);
            writer.Write(1);
            writer.Write("userId");
            writer.WriteMapHeader(1);
            writer.WriteNil();
            writer.WriteNil();
            writer.Write(2.5);
            writer.Write("userId");
            writer.Write(Id);
        }));
        Assert.Null(request.Problem);
        Assert.Equal(Id, request.UserId.ToString());
    }

    [Fact]
    public void Any_object_binds_and_never_throws() => Value.Objects.Sample(argument =>
    {
        AssertReads<SendRequest>(argument);
        AssertReads<UserRequest>(argument);
        AssertReads<MarkRequest>(argument);
        AssertReads<GetReceiptsRequest>(argument);
        AssertReads<GetConversationsRequest>(argument);
        AssertReads<GetMembersRequest>(argument);
        AssertReads<GetHistoryRequest>(argument);
        AssertReads<ResumeRequest>(argument);
        AssertReads<EmptyRequest>(argument);
        AssertReads<CreateGroupRequest>(argument);
        AssertReads<AddMembersRequest>(argument);
        AssertReads<RemoveMemberRequest>(argument);
        AssertReads<SetRoleRequest>(argument);
        AssertReads<UpdateGroupRequest>(argument);
        AssertReads<CreateInviteRequest>(argument);
        AssertReads<JoinByInviteRequest>(argument);
        AssertReads<RevokeInviteRequest>(argument);
        AssertReads<SetMutedRequest>(argument);
        AssertReads<ConversationRequest>(argument);
        AssertReads<WatchRequest>(argument);
        AssertReads<UnwatchRequest>(argument);
        AssertReads<TypingRequest>(argument);
        AssertReads<PrivacyRequest>(argument);
    }, iter: 500);

    [Fact]
    public void What_is_nearly_right_reads_alike_from_both_encodings_and_is_often_right()
    {
        var shapes = new Shapes([Id], [Id], "words");
        foreach (var method in typeof(ChatHub).GetMethods().Where(method => shapes.Fields.ContainsKey(method.Name)))
        {
            var reads = typeof(ReadingRequests)
                .GetMethod(nameof(AssertReads), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(method.GetParameters()[0].ParameterType)
                .CreateDelegate<Func<Value, string?>>();
            var right = 0;
            shapes.ArgumentsOf(method.Name).Sample(
                argument => { if (reads(argument) is null) Interlocked.Increment(ref right); },
                iter: 400, print: argument => $"{method.Name} {argument.Json}");
            Assert.True(right > 10, $"Of 400 arguments of {method.Name} {right} were right.");
        }

        // A method that is added to the hub has to be added to the shapes.
        Assert.Equal(
            typeof(ChatHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(method => !method.IsVirtual).Select(method => method.Name).Order(),
            shapes.Fields.Keys.Order());
    }

    [Fact]
    public void Any_content_is_a_text_that_fits_or_has_a_code() => Value.Objects.Sample(content =>
    {
        var argument = new Value.Fields(
        [
            ("conversationId", new Value.Words(Id)), ("clientMessageId", new Value.Words("m1")), ("content", content),
        ]);
        foreach (var request in Frames.Bind<SendRequest>(argument))
        {
            if (request.Problem is null)
                Assert.True(request.Content.Kind is not ContentKind.Text || request.Content.Text!.Length <= 16_384);
            else
                Assert.Contains(request.Problem.Code, (string[])["invalid", "content_too_large"]);
        }
    }, iter: 1_000);

    /// <returns>The code of what is wrong with it.</returns>
    private static string? AssertReads<T>(Value argument)
        where T : ClientRequest
    {
        var codes = Frames.Bind<T>(argument).Select(request => request.Problem?.Code).ToArray();
        Assert.True(codes[0] == codes[1], $"JSON: {codes[0]}, MessagePack: {codes[1]}");
        return codes[0];
    }

    private static Value.Fields UserIds(string prefix, int different, int named)
    {
        var ids = Enumerable.Range(0, named).Select(n => $"{prefix}{n % different:x32}");
        return new Value.Fields([("userIds", new Value.Items([.. ids.Select(id => new Value.Words(id))]))]);
    }

    private static string Send(
        string conversationId = $"\"{Id}\"", string clientMessageId = "\"m1\"", string content = Text) =>
        $$"""{"conversationId":{{conversationId}},"clientMessageId":{{clientMessageId}},"content":{{content}}}""";
}
