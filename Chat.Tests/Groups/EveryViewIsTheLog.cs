using System.Globalization;
using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Promises;
using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Groups;

/// <summary>
/// Whatever is sent, whoever joins, by himself or not, leaves, is removed and comes back, and whichever silos die in
/// between: every member's view is the log within his membership, nobody sees one entry more, and "message info" names
/// whoever was there.
/// </summary>
[Collection(PromiseTests.Collection)]
public sealed class EveryViewIsTheLog(PromiseCluster house, ITestOutputHelper output)
{
    private const string CasesVariable = "CHAT_GROUP_CASES";
    private const string SeedVariable = "CHAT_GROUP_SEED";
    private const int Founders = 3;

    /// <summary>Pipelined: a change of the group is often committed together with what was said around it.</summary>
    private const int SaidAtOnce = 3;

    /// <summary>Entries whose "message info" is looked at.</summary>
    private const int InfosMax = 12;

    private static readonly string[] Names = ["alice", "bob", "carol", "dave", "erin"];

    /// <summary>Of members: what a race may answer, and what changes nothing.</summary>
    private static readonly string[] Expected = ["not_a_member", "user_not_found", "forbidden", "invalid"];

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (6, Gen.Int[0, Names.Length - 1].Select(who => new Step(Act.Send, who))),
        (2, Gen.Int[1, Names.Length - 1].Select(who => new Step(Act.Add, who))),
        (1, Gen.Int[1, Names.Length - 1].Select(who => new Step(Act.JoinByInvite, who))),
        (1, Gen.Int[1, Names.Length - 1].Select(who => new Step(Act.Remove, who))),
        (1, Gen.Int[1, Names.Length - 1].Select(who => new Step(Act.Leave, who))));

    private static readonly Gen<Story> Stories = Gen.Select(
        Steps.Array[10, 60],
        Gen.Int[0, 30],
        Gen.Bool,
        Gen.OneOf(HistoryVisibilities.FromJoin, HistoryVisibilities.Full),
        (steps, killAfter, killsTwice, history) => new Story(steps, killAfter, killsTwice, history));

    /// <remarks>
    /// Three stories take about half a minute. More: <c>CHAT_GROUP_CASES=50</c>. A failure prints its seed; told it
    /// as <c>CHAT_GROUP_SEED</c>, the test begins with that story.
    /// </remarks>
    [Fact]
    public async Task Whatever_happens_and_whichever_silo_dies()
    {
        var cases = int.Parse(
            Environment.GetEnvironmentVariable(CasesVariable) ?? "3", CultureInfo.InvariantCulture);
        await Stories.SampleAsync(
            LiveAsync,
            iter: cases,
            threads: 1,
            seed: Environment.GetEnvironmentVariable(SeedVariable),
            print: story => story.ToString());
    }

    private async Task LiveAsync(Story story)
    {
        output.WriteLine(story.ToString());
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, Founders, Names, story.History, keepsLog: true);
        // A device that keeps a log passes over what it should not have been pushed; these raise it.
        var witnesses = await Task.WhenAll(
            circle.People.Select((person, i) => person.OnAsync(town.Gateways[(i + 1) % town.Gateways.Count])));
        var invite = (await circle.Owner.Chat.CreateInviteAsync(circle.Chat)).Code;
        await using var view = await ClusterView.OpenAsync(house.Cluster);
        var sent = new Observed<(string Text, SendAnswer? Answer)>();
        var done = new Observed<Step>();

        var killing = KillAsync();
        // Each person does one thing after another; all of them at once.
        var lanes = story.Steps.Select((step, n) => (Step: step, N: n)).GroupBy(one => one.Step.Actor)
            .Select(async lane =>
            {
                foreach (var (step, n) in lane)
                {
                    await TakeAsync(circle, invite, step, $"{step.Actor} says {n}", sent);
                    done.Record(step);
                }
            });
        await Eventually.CompletesAsync(
            "the story to end", Task.WhenAll(lanes), () => $"{done.Count} of {story.Steps.Length} steps");
        await killing;

        var log = await circle.Owner.ReadAllAsync(circle.Chat);
        CheckLog(log, sent.Snapshot());
        var isFull = story.History == HistoryVisibilities.Full;
        await EachSeesHisPartAsync(circle, log, isFull);
        foreach (var witness in witnesses)
            CheckPushed(witness, circle.Chat, Membership.Of(witness.Owner.Id, log, isFull), log);
        await InfoNamesWhoWasThereAsync(circle, log, isFull);

        async Task KillAsync()
        {
            await done.UntilAsync(
                $"{story.KillAfter} steps", steps => steps.Count >= Math.Min(story.KillAfter, story.Steps.Length));
            var first = await KillTheSiloAsync();
            if (!story.KillsTwice) return;
            await first.StartAsync();
            await KillTheSiloAsync();
        }

        async Task<ChatProcess> KillTheSiloAsync()
        {
            var found = await Eventually.YieldsAsync(
                "the place of the group", () => view.SiloOfChatAsync(circle.Chat), _ => true);
            var silo = found ?? house.Cluster.Silos[0];
            await silo.KillAsync();
            return silo;
        }
    }

    private static async Task TakeAsync(
        Circle circle, string invite, Step step, string text, Observed<(string, SendAnswer?)> sent)
    {
        var (chat, owner, id) = (circle.Chat, circle.Owner.Chat, circle.People[step.Who].Id);
        try
        {
            switch (step.Act)
            {
                case Act.Send:
                    await Task.WhenAll(Enumerable.Range(1, SaidAtOnce).Select(n => SayAsync($"{text}, {n}")));
                    break;
                case Act.Add:
                    await Device.AskAsync(() => owner.AddMembersAsync(chat, [id]));
                    break;
                case Act.JoinByInvite:
                    await Device.AskAsync(() => circle.Devices[step.Who].Chat.JoinByInviteAsync(invite));
                    break;
                case Act.Remove:
                    await Device.AskAsync(() => owner.RemoveMemberAsync(chat, id));
                    break;
                default:
                    var leaver = circle.Devices[step.Who].Chat;
                    await Device.AskAsync(async () =>
                    {
                        await leaver.LeaveAsync(chat);
                        return true;
                    });
                    break;
            }
        }
        catch (ChatException refused) when (Expected.Contains(refused.Code))
        {
            // He was in, or out, already.
        }

        async Task SayAsync(string words)
        {
            sent.Record((words, null));
            sent.Record((words, await circle.Devices[step.Who].InsistAsync(chat, words)));
        }
    }

    /// <summary>One order without holes; what was answered stands once where it was said to.</summary>
    private static void CheckLog(List<Message> log, IReadOnlyList<(string Text, SendAnswer? Answer)> sent)
    {
        Assert.Equal(Enumerable.Range(1, log.Count).Select(n => (long)n), log.Select(entry => entry.Seq));
        var places = log.Where(entry => entry.Content.Text is not null)
            .ToDictionary(entry => entry.Content.Text!, entry => entry.Seq);
        foreach (var (text, answer) in sent)
        {
            if (answer is not null) Assert.Equal(answer.Seq, places[text]);
        }

        Assert.Subset(sent.Select(one => one.Text).ToHashSet(), places.Keys.ToHashSet());
    }

    private static async Task EachSeesHisPartAsync(Circle circle, List<Message> log, bool isFull)
    {
        var roles = await circle.RolesAsync(circle.Owner);
        for (var i = 0; i < circle.People.Count; i++)
        {
            var (device, person) = (circle.Devices[i], circle.People[i]);
            var membership = Membership.Of(person.Id, log, isFull);
            Assert.Equal(membership.IsMember, roles[i] != "-");
            await HeardAsync(circle, device, membership, log);
            if (membership.Periods.Count == 0)
            {
                await Circle.RefusesAsync("not_a_member", () => device.Chat.GetHistoryAsync(circle.Chat));
                continue;
            }

            var readable = log.Where(entry => membership.MayRead(entry.Seq)).Select(Line).ToArray();
            Assert.Equal(readable, (await device.ReadAllAsync(circle.Chat)).Select(Line));
            var resumed = await Device.AskAsync(() => device.Chat.InvokeRawAsync<ResumeAnswer>(
                HubMethods.Resume, new ResumeRequest()));
            Assert.Equal(
                readable,
                resumed.Messages.Where(entry => entry.ConversationId == circle.Chat).OrderBy(e => e.Seq).Select(Line));
        }
    }

    /// <summary>
    /// Whoever is in reads all of it at the end, and nobody did before: so "message info" of an entry names as readers
    /// who has been there from then on, and beside them who was there then.
    /// </summary>
    private static async Task InfoNamesWhoWasThereAsync(Circle circle, List<Message> log, bool isFull)
    {
        var people = circle.People.ToDictionary(
            person => person.Id, person => Membership.Of(person.Id, log, isFull));
        await Task.WhenAll(circle.Devices.Where(device => people[device.Owner.Id].IsMember)
            .Select(device => Device.AskAsync(() => device.Chat.MarkReadAsync(circle.Chat, log[^1].Seq))));
        foreach (var entry in FirstsBetweenChanges(log))
        {
            var info = await Device.AskAsync(() => circle.Owner.Chat.GetReceiptsAsync(circle.Chat, entry.Seq));
            var others = people.Where(one => one.Key != entry.SenderId && one.Value.WasThere(entry.Seq));
            var expected = others.Select(one => Info(
                one.Key, hasRead: one.Value.IsMember && one.Value.Periods[^1].From < entry.Seq));
            Assert.Equal(
                expected.Order(),
                info.Members.Select(member => Info(member.UserId, member.ReadAt is not null)).Order());

            string Info(string userId, bool hasRead) =>
                $"{entry.Seq}: {userId} {(hasRead ? "read it" : "has it")}, there {people[userId]}";
        }
    }

    /// <summary>Texts: the first ones behind the last changes of the group.</summary>
    private static IEnumerable<Message> FirstsBetweenChanges(List<Message> log) => log
        .Where((entry, i) => entry.Content.Text is not null && log[i - 1].Content.Text is null)
        .TakeLast(InfosMax);

    /// <summary>What his device raised: all that he may read now, and nothing from outside his times.</summary>
    private static async Task HeardAsync(Circle circle, Device device, Membership membership, List<Message> log)
    {
        if (device != circle.Owner)
        {
            // Pushed after whatever he might have been pushed in error.
            await circle.Owner.Sends($"anything more, {device.Owner}?").To(device.Owner);
            await device.HearsAsync($"anything more, {device.Owner}?");
        }

        if (membership.Periods.Count > 0)
        {
            await Eventually.HoldsAsync(
                $"{device} to hold all up to {membership.End(log)}",
                () => device.Chat.GetHeldSeq(circle.Chat) >= membership.End(log),
                () => $"{device.Chat.GetHeldSeq(circle.Chat)} of {membership}");
        }

        var heard = device.Heard.Snapshot().Select(entry => entry.Message)
            .Where(entry => entry.ConversationId == circle.Chat).ToArray();
        Assert.Equal(heard.Select(entry => entry.Seq).Distinct().Order(), heard.Select(entry => entry.Seq));
        CheckPushed(device, circle.Chat, membership, log);
        // What lies before his last time may have been named as gone to his device while it was not his to read.
        var lacking = log.Select(entry => entry.Seq).Where(membership.WasThere)
            .Except(heard.Select(entry => entry.Seq));
        Assert.DoesNotContain(lacking, seq => seq >= membership.Periods[^1].From);
    }

    /// <summary>Nothing from outside his times, and nothing that is not so in the log.</summary>
    private static void CheckPushed(Device device, string chat, Membership membership, List<Message> log)
    {
        var whole = log.ToDictionary(entry => entry.Seq, Line);
        var heard = device.Heard.Snapshot().Select(entry => entry.Message)
            .Where(entry => entry.ConversationId == chat).ToArray();
        Assert.All(heard, entry => Assert.Equal(whole[entry.Seq], Line(entry)));
        Assert.All(heard, entry => Assert.True(
            membership.MayHaveHeard(entry.Seq), $"{device} heard {entry.Seq} and belonged there {membership}."));
    }

    private static string Line(Message entry) =>
        $"{entry.Seq} {entry.SenderId} {entry.Content.Event ?? entry.Content.Text}";

    private enum Act
    {
        Send,
        Add,
        JoinByInvite,
        Remove,
        Leave,
    }

    /// <summary>One thing that somebody does; members are added and removed by the owner.</summary>
    private readonly record struct Step(Act Act, int Who)
    {
        public int Actor => Act is Act.Add or Act.Remove ? 0 : Who;

        public override string ToString() => $"{Act} {Names[Who]}";
    }

    private sealed record Story(Step[] Steps, int KillAfter, bool KillsTwice, string History)
    {
        public override string ToString() =>
            $"{History}, {(KillsTwice ? "two kills" : "a kill")} after {KillAfter} steps: {string.Join(", ", Steps)}";
    }
}
