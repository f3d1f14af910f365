using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Groups;

/// <summary>Groups of a gateway that has no database server: the same rules, and the same after a kill.</summary>
[Collection(ProcessTests.Collection)]
public sealed class OnOneMachine(ITestOutputHelper output)
{
    [Fact]
    public async Task What_a_group_was_told_holds_after_a_kill()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output, Town.CheapPasswords);
        await using var town = new Town(() => [gateway.Address], gateway.Process.Report, output);
        var circle = await Circle.FormAsync(town, founders: 3, ["alice", "bob", "carol", "dave"], keepsLog: true);
        var (alice, bob, carol, dave) = (circle.Owner, circle.Devices[1], circle.Devices[2], circle.Devices[3]);
        var chat = circle.Chat;
        var invite = await alice.Chat.CreateInviteAsync(chat);
        await bob.InsistAsync(chat, "from the beginning");
        await alice.Chat.SetRoleAsync(chat, circle.People[1].Id, Roles.Admin);
        await dave.Chat.JoinByInviteAsync(invite.Code);
        await bob.Chat.RemoveMemberAsync(chat, circle.People[2].Id);
        await alice.Chat.UpdateGroupAsync(new UpdateGroupRequest { ConversationId = chat, OnlyAdminsSend = true });
        await bob.InsistAsync(chat, "only us");
        string[] log =
        [
            "1 created", "2 from the beginning", "3 roleChanged", "4 memberJoined", "5 memberRemoved",
            "6 onlyAdminsSendChanged", "7 only us",
        ];

        for (var killed = 0; killed < 2; killed++)
        {
            Assert.Equal(log, await circle.LogAsync(alice));
            Assert.Equal(log[..5], await circle.LogAsync(carol));
            Assert.Equal(log[3..], await circle.LogAsync(dave));
            Assert.Equal(["owner", "admin", "-", "member"], await circle.RolesAsync(dave));
            await RefusedAsync("forbidden", () => dave.SendOnceAsync(chat, "and I?"));
            await RefusedAsync("not_a_member", () => carol.SendOnceAsync(chat, "and I?"));
            if (killed == 1) break;
            await gateway.Process.KillAsync();
            await gateway.Process.StartAsync();
        }

        await bob.InsistAsync(chat, "again");
        await dave.HearsAsync("again");
        await alice.HearsAsync("again");
        Assert.False(carol.HasHeard("only us"));
    }

    /// <summary>Whatever a kill refuses for now aside.</summary>
    private static async Task RefusedAsync(string code, Func<Task<SendAnswer>> send) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<ChatException>(() => Device.AskAsync(send))).Code);
}
