using Chat.Conversations;
using Chat.Ids;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Conversations;

/// <summary>An edit whose message is deleted while it waits for its commit.</summary>
[Collection(ProcessTests.Collection)]
public sealed class EditingTheDeleted
{
    [Fact]
    public async Task It_is_pushed_as_deleted_and_names_its_message()
    {
        await using var silo = await LoneSilo.StartAsync();
        var users = await silo.WelcomeAsync(2);
        var (alice, bob) = (users[0], users[1]);
        var chat = await silo.OpenAsync(alice, bob);
        var said = await silo.SaysAsync(chat, alice);
        var lane = silo.Get<LogLanes>().For(chat);
        // Where the lane rests after what was said, both leave with one commit.
        silo.Get<WatchedLog>().Appending = entries => entries is [{ Content.Kind: ContentKind.Delete }]
            ? Eventually.HoldsAsync("the edit to queue", () => lane.QueuedEntries == 1)
            : Task.CompletedTask;

        var answers = await silo.Grains.GetConversation(chat).Send(
        [
            new SendCommand(alice, "delete", new Content { Kind = ContentKind.Delete, TargetSeq = said }, Origin: 0),
            new SendCommand(
                alice, "edit", new Content { Kind = ContentKind.Edit, TargetSeq = said, Text = "back" }, Origin: 0),
        ]);

        Assert.DoesNotContain(answers, answer => answer.IsRefused);
        var pushed = await silo.PushedToAsync(bob, chat);
        var edit = Assert.Single(pushed, push => push.Message?.Seq == answers[1].Value.Seq).Message!;
        Assert.Equal(Content.Deleted with { TargetSeq = said }, edit.Content);
    }
}
