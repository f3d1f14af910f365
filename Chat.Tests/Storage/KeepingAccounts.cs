using Chat.Gateway.Accounts;
using Chat.Ids;
using Chat.Tests.Harness;
using Chat.Users;
using Xunit;

namespace Chat.Tests.Storage;

[Collection(ProcessTests.Collection)]
public sealed class KeepingAccounts(SharedPostgres postgres)
{
    [Theory, EachStore]
    public async Task A_username_is_taken_once_whatever_its_case(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var ada = Named("Ada");

        Assert.True(await store.Accounts.TryCreateAsync(ada, "hash", TestChat.At(0), CancellationToken.None));
        Assert.False(await store.Accounts.TryCreateAsync(
            Named("aDA"), "other", TestChat.At(0), CancellationToken.None));

        Assert.Equal((ada, "hash"), await store.Accounts.FindAsync("ADA", CancellationToken.None));
        Assert.Equal(ada, await store.Accounts.GetAsync(ada.UserId, CancellationToken.None));
        Assert.Null(await store.Accounts.FindAsync("bob", CancellationToken.None));
        Assert.Null(await store.Accounts.GetAsync(new UserId(Guid.NewGuid()), CancellationToken.None));
    }

    [Theory, EachStore]
    public async Task A_hash_is_replaced_only_where_it_is_still_the_one_that_was_checked(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var ada = Named("ada");
        await store.Accounts.TryCreateAsync(ada, "old", TestChat.At(0), CancellationToken.None);

        await store.Accounts.ReplaceHashAsync(ada.UserId, "old", "new", CancellationToken.None);
        await store.Accounts.ReplaceHashAsync(ada.UserId, "old", "late", CancellationToken.None);

        Assert.Equal((ada, "new"), await store.Accounts.FindAsync("ada", CancellationToken.None));
    }

    [Theory, EachStore]
    public async Task A_user_of_an_outside_issuer_is_entered_once_under_a_name_of_his_own(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        await store.Accounts.TryCreateAsync(Named("ada"), "hash", TestChat.At(0), CancellationToken.None);
        var wished = Named("Ada");

        var entered = await store.Accounts.EnsureExternalAsync(wished, TestChat.At(0), CancellationToken.None);
        var again = await store.Accounts.EnsureExternalAsync(wished, TestChat.At(1), CancellationToken.None);

        Assert.Equal(entered, again);
        Assert.Equal(wished.UserId, entered.UserId);
        Assert.StartsWith("Ada-", entered.Username, StringComparison.Ordinal);
        Assert.Equal((entered, null), await store.Accounts.FindAsync(entered.Username, CancellationToken.None));
    }

    [Theory, EachStore]
    public async Task However_long_a_wished_name_is_the_one_that_he_gets_can_be_looked_up(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var longest = new string('a', AccountRules.UsernameLengthMax);
        await store.Accounts.TryCreateAsync(Named(longest), "hash", TestChat.At(0), CancellationToken.None);
        var wished = Named(longest);
        // All names but the last are taken: with six, then twelve digits of his id, cut to fit.
        var id = wished.UserId.ToString();
        await store.Accounts.TryCreateAsync(
            Named($"{longest[..57]}-{id[..6]}"), "hash", TestChat.At(0), CancellationToken.None);
        await store.Accounts.TryCreateAsync(
            Named($"{longest[..51]}-{id[..12]}"), "hash", TestChat.At(0), CancellationToken.None);

        var entered = await store.Accounts.EnsureExternalAsync(wished, TestChat.At(0), CancellationToken.None);

        Assert.Equal($"{longest[..31]}-{id}", entered.Username);
        Assert.True(AccountRules.IsUsername(entered.Username));
    }

    private static Account Named(string username) => new(new UserId(Guid.NewGuid()), username, $"{username} L.");
}
