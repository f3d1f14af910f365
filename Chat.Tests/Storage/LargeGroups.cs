using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage;

[Collection(ProcessTests.Collection)]
public sealed class LargeGroups(SharedPostgres postgres)
{
    [Theory, EachStore]
    public async Task Five_thousand_members_are_paged_by_id_each_once(string kind)
    {
        const int Members = 5_000;
        await using var store = await TestStore.StartAsync(kind, postgres);
        UserId[] others = [.. Enumerable.Range(1, Members - 1).Select(_ => TestGroup.Somebody())];
        var group = await TestGroup.CreateAsync(store, others[..1_000]);
        foreach (var joining in others[1_000..].Chunk(1_000))
            await group.JoinsAsync(joining);
        await group.LeavesAsync(others[..3]);

        var found = new List<Member>();
        string? cursor = null;
        do
        {
            var page = await store.Reader.GetMembersAsync(others[^1], group.Id, cursor, 200, CancellationToken.None);
            found.AddRange(page!.Members);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(
            others[3..].Append(group.Olga).Order(),
            found.Select(member => member.UserId));
        var seen = await group.AsSeenByAsync(others[^1]);
        Assert.Equal((Members - 3, null), (seen.MemberCount, seen.Members));
        Assert.Equal(Members, (await group.TakeOverAsync()).Members.Count);
        await group.FillAsync(1);
        Assert.Equal(Members - 4, (await group.ReceiversAsync(group.LastSeq)).Length);
    }

    [Theory, EachStore]
    public async Task Members_are_shown_up_to_the_limit_and_beyond_it_their_marks_change_no_version(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        UserId[] others = [.. Enumerable.Range(1, Conversation.MembersShownMax - 1).Select(_ => TestGroup.Somebody())];
        var group = await TestGroup.CreateAsync(store, others);
        Assert.Equal(Conversation.MembersShownMax, (await group.AsSeenByAsync(others[0])).Members!.Count);

        var late = TestGroup.Somebody();
        await group.JoinsAsync(late);
        var seen = await group.AsSeenByAsync(others[0]);
        Assert.Equal((null, Conversation.MembersShownMax + 1), (seen.Members, seen.MemberCount));
        await group.MarksAsync(others[1], 2, TestChat.At(1));
        Assert.Equal(seen.Version, (await group.AsSeenByAsync(others[0])).Version);
        await group.MarksAsync(others[0], 1, TestChat.At(1));
        Assert.NotEqual(seen.Version, (await group.AsSeenByAsync(others[0])).Version);

        await group.RecordsAsync(GroupChange.Leave(late));
        Assert.Equal(Conversation.MembersShownMax, (await group.AsSeenByAsync(others[0])).Members!.Count);
    }
}
