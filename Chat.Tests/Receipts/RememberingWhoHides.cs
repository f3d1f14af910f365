using Chat.Ids;
using Chat.Tests.Harness;
using Chat.Users;
using Xunit;

namespace Chat.Tests.Receipts;

/// <summary>
/// What a member's grain told of his privacy is not forgotten with that grain, however quiet the conversation was.
/// </summary>
[Collection(ProcessTests.Collection)]
public sealed class RememberingWhoHides
{
    [Fact]
    public async Task Who_hides_his_reading_hides_it_when_his_grain_has_gone()
    {
        var (delivered, read) = await LastReceiptAsync(hidesFirst: false, hidesThen: true);

        Assert.Equal((2L, null), (delivered, read));
    }

    [Fact]
    public async Task Who_shows_it_again_is_seen_to_read_when_his_grain_has_gone()
    {
        var (delivered, read) = await LastReceiptAsync(hidesFirst: true, hidesThen: false);

        Assert.Equal((2L, 2L), (delivered, read));
    }

    /// <summary>
    /// Bob reads what Alice said, changes his privacy, and his grain goes without a receipt in between; then he reads
    /// again.
    /// </summary>
    private static async Task<(long? DeliveredSeq, long? ReadSeq)> LastReceiptAsync(bool hidesFirst, bool hidesThen)
    {
        await using var silo = await LoneSilo.StartAsync();
        var users = await silo.WelcomeAsync(2);
        var (alice, bob) = (users[0], users[1]);
        var chat = await silo.OpenAsync(alice, bob);
        await HideAsync(silo, bob, hidesFirst);
        await silo.ReadsAsync(chat, bob, await silo.SaysAsync(chat, alice));

        await HideAsync(silo, bob, hidesThen);
        await silo.LoseAsync(bob);
        await silo.ReadsAsync(chat, bob, await silo.SaysAsync(chat, alice));

        var receipt = (await silo.PushedToAsync(alice, chat)).Last(push => push.Receipt is not null).Receipt;
        return (receipt?.DeliveredSeq, receipt?.ReadSeq);
    }

    private static Task HideAsync(LoneSilo silo, UserId user, bool hides) =>
        silo.Grains.GetUser(user).SetPrivacy(new PrivacyChange(null, ReadReceipts: !hides));
}
