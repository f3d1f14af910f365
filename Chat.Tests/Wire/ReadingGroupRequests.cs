using Chat.Gateway.Wire;
using Chat.Groups;
using Xunit;

namespace Chat.Tests.Wire;

/// <summary>What groups are asked, in both encodings: carried out, or refused with a code.</summary>
public sealed class ReadingGroupRequests
{
    private const string Id = "b2a9e3a0c1d24f6c8a53a6cb1b0e7f10";

    [Theory]
    [InlineData("""{"memberIds":[]}""", "invalid")]
    [InlineData("""{"title":"","memberIds":[]}""", "invalid")]
    [InlineData("""{"title":" ","memberIds":[]}""", "invalid")]
    [InlineData("""{"title":"t"}""", "invalid")]
    [InlineData("""{"title":"t","memberIds":"all"}""", "invalid")]
    [InlineData("""{"title":"t","memberIds":[5]}""", "invalid")]
    [InlineData("""{"title":"t","memberIds":[null]}""", "invalid")]
    [InlineData("""{"title":"t","memberIds":["somebody"]}""", "user_not_found")]
    [InlineData("""{"title":"t","memberIds":[],"historyVisibility":"none"}""", "invalid")]
    [InlineData("""{"title":"t","memberIds":[],"onlyAdminsSend":"yes"}""", "invalid")]
    [InlineData("""{"title":"t","memberIds":[],"retention":{"mode":"disappearing","afterSeconds":5}}""", "invalid")]
    [InlineData("""{"title":"t","memberIds":[],"retention":{"mode":"permanent"}}""", null)]
    [InlineData("""{"title":"t","memberIds":[]}""", null)]
    public void A_group_is_made_of_a_title_and_members(string argument, string? code)
    {
        foreach (var request in Frames.Bind<CreateGroupRequest>(argument))
            Assert.Equal(code, request.Problem?.Code);
    }

    [Fact]
    public void A_group_is_read_alike_from_both_encodings()
    {
        var argument =
            $$"""{"title":"tëam","memberIds":["{{Id}}"],"historyVisibility":"full","onlyAdminsSend":true}""";
        foreach (var request in Frames.Bind<CreateGroupRequest>(argument))
        {
            Assert.Null(request.Problem);
            Assert.Equal([Id], request.MemberIds.Select(id => id.ToString()));
            var (title, visibility, only) =
                (request.Settings.Title, request.Settings.HistoryVisibility, request.Settings.OnlyAdminsSend);
            Assert.Equal(("tëam", GroupSettings.Full, true), (title, visibility, only));
        }
    }

    [Theory]
    [InlineData(4_096, null)]
    [InlineData(4_097, "invalid")]
    public void One_call_names_a_bounded_number_of_users(int count, string? code)
    {
        var ids = new Value.Items([.. Enumerable.Repeat(new Value.Words(Id), count)]);
        var argument = new Value.Fields([("conversationId", new Value.Words(Id)), ("userIds", ids)]);
        foreach (var request in Frames.Bind<AddMembersRequest>(argument))
            Assert.Equal(code, request.Problem?.Code);
    }

    [Theory]
    [InlineData("king", "invalid")]
    [InlineData("OWNER", "invalid")]
    [InlineData("owner", null)]
    [InlineData("admin", null)]
    [InlineData("member", null)]
    public void A_role_is_one_of_three_words(string role, string? code)
    {
        var argument = $$"""{"conversationId":"{{Id}}","userId":"{{Id}}","role":"{{role}}"}""";
        foreach (var request in Frames.Bind<SetRoleRequest>(argument))
        {
            Assert.Equal(code, request.Problem?.Code);
            if (code is null) Assert.Equal(role, GroupRoles.Word(request.Role));
        }
    }

    [Fact]
    public void An_update_changes_what_is_there()
    {
        foreach (var request in Frames.Bind<UpdateGroupRequest>($$"""{"conversationId":"{{Id}}","description":""}"""))
            Assert.Equal(new GroupUpdate(null, "", null, null, null), request.Update);
    }

    [Theory]
    [InlineData(""","usesMax":0""", "invalid")]
    [InlineData(""","expiresAfterSeconds":-1""", "invalid")]
    [InlineData(""","expiresAfterSeconds":3600,"usesMax":5""", null)]
    [InlineData("", null)]
    public void An_invite_has_bounds_or_none(string rest, string? code)
    {
        foreach (var request in Frames.Bind<CreateInviteRequest>($$"""{"conversationId":"{{Id}}"{{rest}}}"""))
            Assert.Equal(code, request.Problem?.Code);
    }

    [Fact]
    public void Not_muted_is_zero_or_nothing()
    {
        foreach (var request in Frames.Bind<SetMutedRequest>($$"""{"conversationId":"{{Id}}","forSeconds":0}"""))
            Assert.Null(request.For);
        foreach (var request in Frames.Bind<SetMutedRequest>($$"""{"conversationId":"{{Id}}","forSeconds":60}"""))
            Assert.Equal(TimeSpan.FromMinutes(1), request.For);
    }
}
