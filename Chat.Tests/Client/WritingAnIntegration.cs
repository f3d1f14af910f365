using System.Collections.Concurrent;
using System.Text.Json;
using Chat.Client;
using Chat.Tests.Harness;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Chat.Tests.Client;

/// <summary>What an integrator does with the client holds against a real gateway.</summary>
[Collection(ProcessTests.Collection)]
public sealed class WritingAnIntegration(RealGateway gateway) : IClassFixture<RealGateway>
{
    [Fact]
    public async Task A_username_and_a_password_are_all_that_a_device_needs()
    {
        var (alice, bob) = (await gateway.SignUpAsync("alice"), await gateway.SignUpAsync("bob"));
        await using var phone = await Device.StartAsync(await gateway.OptionsOfAsync(bob));
        await using var bot = await Device.StartAsync(await gateway.OptionsOfAsync(alice));

        var chat = await bot.Chat.OpenDirectAsync(bob.UserId);
        var sent = await bot.Chat.SendTextAsync(chat.ConversationId, "hi");

        Assert.Equal(["hi"], await phone.TextsAsync(1));
        Assert.Equal((alice.UserId, 1), (bot.Chat.UserId, sent.Seq));
    }

    [Fact]
    public async Task People_are_found_by_name_and_by_id()
    {
        var alice = await gateway.SignUpAsync("alice+bot");
        var rest = gateway.RestOf(new PasswordTokens(gateway.Rest, alice.Username, RealGateway.Password));

        Assert.Equal("alice+bot", alice.DisplayName);
        Assert.Equal(alice, await rest.FindUserAsync(alice.Username));
        Assert.Equal(alice, await rest.GetUserAsync(alice.UserId));
        await RefusedAsync(ErrorCodes.UserNotFound, rest.FindUserAsync("nobody & co"));
        await RefusedAsync(ErrorCodes.UserNotFound, rest.GetUserAsync("nobody"));
    }

    [Fact]
    public async Task A_script_lists_sends_and_reads_over_REST()
    {
        var (alice, bob) = (await gateway.SignUpAsync("alice"), await gateway.SignUpAsync("bob"));
        await using var phone = await Device.StartAsync(await gateway.OptionsOfAsync(bob));
        var rest = gateway.RestOf(new PasswordTokens(gateway.Rest, alice.Username, RealGateway.Password));
        var first = (await phone.Chat.OpenDirectAsync(alice.UserId)).ConversationId;
        var second = (await phone.Chat.OpenDirectAsync(bob.UserId)).ConversationId;
        await phone.Chat.SendTextAsync(second, "a note of Bob's own");
        for (var n = 1; n <= 5; n++) await phone.Chat.SendTextAsync(first, $"{n}");
        var group = await phone.Chat.CreateGroupAsync(new() { Title = "All", MemberIds = [alice.UserId] });

        var newest = await rest.GetConversationsAsync(limit: 1);
        var older = await rest.GetConversationsAsync(newest.NextCursor);
        var around = await rest.GetMessagesAsync(first, around: 3, limit: 3);
        var answer = await rest.SendAsync(first, "once", Content.OfText("6"));
        var again = await rest.SendAsync(first, "once", Content.OfText("6"));

        Assert.Equal([group.ConversationId], newest.Conversations.Select(one => one.ConversationId));
        Assert.Equal([first], older.Conversations.Select(one => one.ConversationId));
        Assert.Null(older.NextCursor);
        Assert.Equal(["2", "3", "4"], around.Messages.Select(message => message.Content.Text));
        Assert.Equal((6, false, 6, true), (answer.Seq, answer.Duplicate, again.Seq, again.Duplicate));
    }

    [Fact]
    public async Task The_limits_are_those_that_the_gateway_was_started_with() =>
        Assert.Equal(RealGateway.Limits, await gateway.Rest.GetLimitsAsync());

    [Fact]
    public async Task A_device_goes_on_from_cursors_that_were_stored_as_JSON()
    {
        var (alice, bob) = (await gateway.SignUpAsync("alice"), await gateway.SignUpAsync("bob"));
        await using var phone = await Device.StartAsync(await gateway.OptionsOfAsync(alice));
        var chat = (await phone.Chat.OpenDirectAsync(bob.UserId)).ConversationId;
        await phone.Chat.SendTextAsync(chat, "seen");
        string stored;
        await using (var before = await Device.StartAsync(await gateway.OptionsOfAsync(bob)))
        {
            await before.TextsAsync(1);
            stored = JsonSerializer.Serialize(before.Chat.ExportCursors(), WireFormat.Json);
        }

        await phone.Chat.SendTextAsync(chat, "missed");
        var options = await gateway.OptionsOfAsync(bob);
        await using var after = await Device.StartAsync(new ChatConnectionOptions
        {
            Gateways = options.Gateways,
            UserId = options.UserId,
            Tokens = options.Tokens,
            Cursors = JsonSerializer.Deserialize<CursorSnapshot>(stored, WireFormat.Json),
        });

        Assert.Equal(["missed"], await after.TextsAsync(1));
    }

    /// <summary>Once it is served, the docstrings that say otherwise are not true any more.</summary>
    [Fact]
    public async Task Retention_and_pictures_are_refused_until_they_are_served()
    {
        var alice = await gateway.SignUpAsync("alice");
        await using var phone = await Device.StartAsync(await gateway.OptionsOfAsync(alice));
        var notes = (await phone.Chat.OpenDirectAsync(alice.UserId)).ConversationId;
        var hour = Retention.Disappearing(TimeSpan.FromHours(1));
        var picture = Content.OfImage(new Media { MediaId = "m", ContentType = "image/png" });

        await RefusedAsync(ErrorCodes.Internal, phone.Chat.SetRetentionAsync(notes, hour));
        await RefusedAsync(ErrorCodes.Invalid, phone.Chat.CreateGroupAsync(new() { Title = "t", Retention = hour }));
        await RefusedAsync(ErrorCodes.Invalid, phone.Chat.SendAsync(notes, picture));
        var kept = await phone.Chat.CreateGroupAsync(new() { Title = "t", Retention = Retention.Permanent });
        Assert.Equal(Retention.Permanent, kept.Retention);
    }

    [Fact]
    public async Task Of_a_handler_that_throws_the_log_says_so_and_nothing_that_was_written()
    {
        const string secret = "between us";
        var logged = new ConcurrentQueue<string>();
        using var logs = LoggerFactory.Create(to => to.AddProvider(new Into(logged)).SetMinimumLevel(LogLevel.Trace));
        var alice = await gateway.SignUpAsync("alice");
        var options = await gateway.OptionsOfAsync(alice);
        var device = Device.Make(new ChatConnectionOptions
        {
            Gateways = options.Gateways,
            UserId = options.UserId,
            Tokens = options.Tokens,
            Logs = logs,
        });
        await using (device)
        {
            device.Chat.MessageAppended += _ => throw new InvalidOperationException("The app's fault.");
            await device.Chat.StartAsync();
            var notes = (await device.Chat.OpenDirectAsync(alice.UserId)).ConversationId;

            await device.Chat.SendTextAsync(notes, secret);

            await device.TextsAsync(1);
        }

        Assert.Contains(logged, line => line.StartsWith("A handler of LogEntry threw", StringComparison.Ordinal));
        Assert.DoesNotContain(logged, line => line.Contains(secret, StringComparison.Ordinal));
    }

    private static async Task RefusedAsync(string code, Task call)
    {
        var error = await Assert.ThrowsAsync<ChatException>(() => call);
        Assert.Equal((code, false), (error.Code, error.Retryable));
    }

    private sealed class Into(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
