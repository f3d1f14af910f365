using Chat.Client;
using Chat.Tests.Language;
using Xunit;

namespace Chat.Tests.Groups;

/// <summary>
/// A group of people, the first its owner, one device each (of the first people of a large one), on both gateways in
/// turn.
/// </summary>
internal sealed class Circle
{
    private Circle(string chat, Person[] people, Device[] devices) =>
        (Chat, People, Devices) = (chat, people, devices);

    internal string Chat { get; }

    internal IReadOnlyList<Person> People { get; }

    internal IReadOnlyList<Device> Devices { get; }

    internal Device Owner => Devices[0];

    /// <summary>Makes the group of the first <paramref name="founders"/> of these people.</summary>
    internal static async Task<Circle> FormAsync(
        Town town, int founders, string[] names, string? history = null, bool keepsLog = false, int? online = null)
    {
        var people = await town.WelcomeAsync(names);
        var devices = new Device[online ?? people.Length];
        for (var i = 0; i < devices.Length; i++)
        {
            var gateway = town.Gateways[i % town.Gateways.Count];
            devices[i] = await (keepsLog ? people[i].WithLogOnAsync(gateway) : people[i].OnAsync(gateway));
        }

        var made = await Device.AskAsync(() => devices[0].Chat.CreateGroupAsync(new CreateGroupRequest
        {
            Title = "circle",
            MemberIds = [.. people[1..founders].Select(person => person.Id)],
            HistoryVisibility = history,
        }));
        return new Circle(made.ConversationId, people, devices);
    }

    /// <summary>Names for a large one.</summary>
    internal static string[] Crowd(int count) => [.. Enumerable.Range(1, count).Select(n => $"member{n}")];

    /// <summary>The conversation as that member lists it.</summary>
    internal async Task<Conversation> SeenByAsync(Device device) =>
        (await Device.AskAsync(() => device.Chat.GetConversationsAsync(limit: 200)))
            .Conversations.Single(conversation => conversation.ConversationId == Chat);

    /// <summary>The role of each, as a member sees it; <c>-</c>: none.</summary>
    internal async Task<string[]> RolesAsync(Device device)
    {
        var page = await Device.AskAsync(() => device.Chat.GetMembersAsync(Chat, limit: 200));
        var roles = page.Members.ToDictionary(member => member.UserId, member => member.Role);
        return [.. People.Select(person => roles.GetValueOrDefault(person.Id, "-"))];
    }

    /// <summary>What a member reads of the log, each entry as its text or its event.</summary>
    internal async Task<string[]> LogAsync(Device device) =>
        [.. (await device.ReadAllAsync(Chat)).Select(e => $"{e.Seq} {e.Content.Event ?? e.Content.Text}")];

    /// <summary>How a command ended: <c>done</c>, or the code of its refusal.</summary>
    internal static async Task<string> EndAsync(Func<Task> call)
    {
        try
        {
            await call();
            return "done";
        }
        catch (ChatException refused)
        {
            return refused.Code;
        }
    }

    internal static async Task RefusesAsync(string code, Func<Task> call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<ChatException>(call)).Code);
}
