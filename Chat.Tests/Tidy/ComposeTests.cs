using System.Text.RegularExpressions;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Tidy;

/// <summary>The compose file, which no test can run: what it names is there.</summary>
public sealed partial class ComposeTests
{
    private static readonly string Compose = Read("docker-compose.yml");

    [Fact]
    public void It_sets_only_what_the_operators_document_names()
    {
        var document = Read("docs/operating.md");
        var names = Setting().Matches(Compose).Select(match => match.Groups[1].Value).Distinct().ToArray();

        Assert.Contains("ConnectionStrings__Chat", names);
        Assert.Contains("Chat__Auth__SigningKey", names);
        Assert.DoesNotContain(names, name => !document.Contains($"`{name}`", StringComparison.Ordinal));
    }

    [Fact]
    public void It_has_a_database_two_silos_and_two_gateways_each_at_an_address_of_its_own()
    {
        var services = Service().Matches(Section("services"))
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        Assert.Equal(["gateway-1", "gateway-2", "postgres", "silo-1", "silo-2"], services.Keys.Order());
        Assert.Contains("image: postgres:15", services["postgres"], StringComparison.Ordinal);

        var members = services.Where(service => service.Key != "postgres").ToArray();
        foreach (var (name, block) in members)
        {
            var program = name.StartsWith("silo", StringComparison.Ordinal) ? "silo" : "gateway";
            Assert.Matches($@"build: [&*]{program}\s", block);
            Assert.Contains($"image: chat-{program}", block, StringComparison.Ordinal);
            Assert.Contains("<<: *environment", block, StringComparison.Ordinal);
            Assert.Equal(AddressIn(block, "Chat__AdvertisedAddress"), AddressIn(block, "ipv4_address"));
        }

        Assert.Equal(4, members.Select(member => AddressIn(member.Value, "ipv4_address")).Distinct().Count());
        var recipes = Dockerfile().Matches(Compose).Select(match => match.Groups[1].Value);
        Assert.Equal(["Chat.Gateway/Dockerfile", "Chat.Silo/Dockerfile"], recipes.Order());
        Assert.All(recipes, recipe => Assert.True(File.Exists(Path.Combine(ChatProgram.Root, recipe)), recipe));
    }

    /// <summary>A silo is always part of a cluster, whose data are in the database.</summary>
    [Fact]
    public void Only_the_gateways_image_which_may_stand_alone_has_a_data_directory()
    {
        Assert.Contains("Chat__DataDirectory=/data", Read("Chat.Gateway/Dockerfile"), StringComparison.Ordinal);
        Assert.DoesNotContain("/data", Read("Chat.Silo/Dockerfile"), StringComparison.Ordinal);
    }

    private static string Section(string name)
    {
        var from = Compose.IndexOf($"\n{name}:\n", StringComparison.Ordinal) + name.Length + 2;
        var next = Regex.Match(Compose[from..], @"\n\w+:\n");
        return Compose[from..(next.Success ? from + next.Index + 1 : Compose.Length)];
    }

    private static string AddressIn(string block, string name) =>
        Regex.Match(block, $@"{name}: (\d+\.\d+\.\d+\.\d+)\n").Groups[1].Value;

    private static string Read(string file) => File.ReadAllText(Path.Combine(ChatProgram.Root, file)) + "\n";

    [GeneratedRegex(@"^\s*((?:Chat|ConnectionStrings|OTEL|ASPNETCORE)_\w+):", RegexOptions.Multiline)]
    private static partial Regex Setting();

    [GeneratedRegex(@"(?<=\n)  ([a-z0-9-]+):\n((?:    .*\n|\n)+)")]
    private static partial Regex Service();

    [GeneratedRegex(@"dockerfile: (\S+)")]
    private static partial Regex Dockerfile();
}
