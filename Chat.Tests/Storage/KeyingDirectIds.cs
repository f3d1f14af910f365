using Chat.Ids;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage;

/// <summary>
/// Each store has a key of its own, but where direct conversations had their ids before there were keys.
/// </summary>
[Collection(ProcessTests.Collection)]
public sealed class KeyingDirectIds(SharedPostgres postgres)
{
    private static readonly (UserId Alice, UserId Bob) People = (new(Guid.NewGuid()), new(Guid.NewGuid()));

    [Theory, EachStore]
    public async Task Two_stores_call_the_same_two_people_differently_and_each_always_alike(string kind)
    {
        await using var one = await TestStore.StartAsync(kind, postgres);
        await using var other = await TestStore.StartAsync(kind, postgres);

        var ids = await IdsOfAsync(one);
        Assert.Equal(ids.Of(People.Alice, People.Bob), ids.Of(People.Bob, People.Alice));
        Assert.Equal(
            ids.Of(People.Alice, People.Bob), (await IdsOfAsync(one)).Of(People.Alice, People.Bob));
        Assert.NotEqual(
            ids.Of(People.Alice, People.Bob), (await IdsOfAsync(other)).Of(People.Alice, People.Bob));
        Assert.NotEqual(
            ids.Of(People.Alice, People.Bob), ConversationId.Direct(People.Alice, People.Bob, []));
    }

    [Theory, EachStore]
    public async Task A_store_that_has_direct_conversations_already_keeps_their_ids(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);

        await store.MakeDirectKeyAgainAsync();

        Assert.Equal(chat.Id, (await IdsOfAsync(store)).Of(chat.Bob, chat.Alice));
    }

    private static async Task<DirectIds> IdsOfAsync(TestStore store)
    {
        var ids = new DirectIds();
        ids.TakeUp(await store.Setup.GetDirectKeyAsync(CancellationToken.None));
        return ids;
    }
}
