using Chat.Ids;
using Chat.Receipts;
using Chat.Storage;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage;

/// <summary>Who has left marks what he could read for himself: on every view of his, and on nobody else's.</summary>
[Collection(ProcessTests.Collection)]
public sealed class ClearingAfterLeaving(SharedPostgres postgres)
{
    private static readonly DateTimeOffset Noon = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory, EachStore]
    public async Task Nothing_is_unread_to_him_any_more_up_to_where_he_left(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = TestGroup.Somebody();
        var group = await TestGroup.CreateAsync(store, bob);
        await group.FillAsync(3);
        var left = await group.LeavesAsync(bob);
        await group.FillAsync(2);
        var before = await group.AsSeenByAsync(bob);

        var marked = await MarkAsync(store, group, bob, new Watermarks(0, 99));

        Assert.Equal(new FormerMark(new Watermarks(left, left), HasRisen: true), marked);
        var after = await group.AsSeenByAsync(bob);
        Assert.Equal((3L, 0L), (before.Unread, after.Unread));
        Assert.Equal((left, left), (after.DeliveredSeq, after.ReadSeq));
        // Every read of his says the same, and his other devices learn of it by the version.
        Assert.Equal((1, left), await group.ReadableByAsync(bob));
        Assert.Equal(0, Assert.Single((await group.ResumesAsync(bob, left, before.Version)).Conversations).Unread);
        Assert.Empty((await group.ResumesAsync(bob, left, after.Version)).Conversations);
    }

    [Theory, EachStore]
    public async Task His_marks_never_move_back_and_each_rises_for_itself(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = TestGroup.Somebody();
        var group = await TestGroup.CreateAsync(store, bob);
        await group.FillAsync(3);
        await group.LeavesAsync(bob);

        Assert.Equal(new FormerMark(new(4, 2), true), await MarkAsync(store, group, bob, new Watermarks(4, 2)));
        Assert.Equal(new FormerMark(new(4, 2), false), await MarkAsync(store, group, bob, new Watermarks(3, 1)));
        Assert.Equal(new FormerMark(new(4, 3), true), await MarkAsync(store, group, bob, new Watermarks(0, 3)));
    }

    [Theory, EachStore]
    public async Task Message_info_stands_as_it_stood_when_he_left(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = TestGroup.Somebody();
        var group = await TestGroup.CreateAsync(store, bob);
        await group.FillAsync(2);
        await group.MarksAsync(bob, 2, Noon);
        await group.LeavesAsync(bob);

        await MarkAsync(store, group, bob, new Watermarks(3, 3));

        Assert.Equal(new MemberReceipt(bob, Noon, Noon), await ReceiptAsync(store, group, 2));
        Assert.Equal(new MemberReceipt(bob, null, null), await ReceiptAsync(store, group, 3));
    }

    [Theory, EachStore]
    public async Task Who_is_a_member_again_or_never_was_has_nothing_to_mark_so(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = TestGroup.Somebody();
        var group = await TestGroup.CreateAsync(store, bob);
        await group.FillAsync(1);
        Assert.Null(await MarkAsync(store, group, bob, new Watermarks(2, 2)));
        await group.LeavesAsync(bob);
        await group.JoinsAsync(bob);
        await group.FillAsync(1);

        Assert.Null(await MarkAsync(store, group, bob, new Watermarks(5, 5)));
        Assert.Null(await MarkAsync(store, group, TestGroup.Somebody(), new Watermarks(1, 1)));

        Assert.Equal(1, (await group.AsSeenByAsync(bob)).Unread);
    }

    private static Task<FormerMark?> MarkAsync(TestStore store, TestGroup group, UserId user, Watermarks watermarks) =>
        store.Log.MarkFormerAsync(group.Id, user, watermarks, CancellationToken.None);

    private static async Task<MemberReceipt> ReceiptAsync(TestStore store, TestGroup group, long seq) =>
        Assert.Single(await store.Log.GetReceiptsAsync(group.Id, seq, CancellationToken.None));
}
