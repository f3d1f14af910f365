using System.Text.RegularExpressions;
using Chat.Client;
using Chat.Hosting;
using Xunit;

namespace Chat.Tests.Tidy;

/// <summary>What is kept by a machine and no analyzer knows: sizes, one-way references, true documents.</summary>
public sealed partial class TidyTests
{
    private const int FileLinesMax = 400;
    private const int LineLengthMax = 120;
    private const int ReadmeLinesMax = 149;

    private static readonly string Root = FindRoot();

    [Fact]
    public void Files_stay_small() => Assert.Empty(
        Sources().Where(file => File.ReadLines(file.Path).Count() > FileLinesMax).Select(file => file.Name));

    [Fact]
    public void Lines_stay_short() => Assert.Empty(
        from file in Sources()
        from line in File.ReadLines(file.Path).Select((text, index) => (text, number: index + 1))
        where line.text.Length > LineLengthMax
        select $"{file.Name}:{line.number}");

    [Fact]
    public void Only_the_composition_root_of_the_gateway_names_what_lives_in_the_grains()
    {
        var grains = typeof(ClusterHosting).Assembly.GetExportedTypes()
            .Select(type => type.Name.Split('`')[0]).ToHashSet(StringComparer.Ordinal);
        Assert.Contains(nameof(ClusterHosting), grains);
        var gateway = Sources().Where(file =>
            file.Name.StartsWith("Chat.Gateway/", StringComparison.Ordinal)
            && !file.Name.StartsWith("Chat.Gateway/Composition/", StringComparison.Ordinal));
        Assert.Empty(
            from file in gateway
            let code = WithoutComments(File.ReadAllText(file.Path))
            from word in Words().Matches(code).Select(match => match.Value).Distinct()
            where grains.Contains(word) || StoreNamespace().IsMatch(code)
            select $"{file.Name}: {word}");
    }

    [Fact]
    public void Grains_know_no_SignalR() => Assert.DoesNotContain(
        typeof(ClusterHosting).Assembly.GetReferencedAssemblies(),
        reference => reference.Name!.StartsWith("Microsoft.AspNetCore.SignalR", StringComparison.Ordinal));

    [Fact]
    public void The_client_knows_no_Orleans() => Assert.DoesNotContain(
        typeof(ChatConnection).Assembly.GetReferencedAssemblies(),
        reference => reference.Name!.Contains("Orleans", StringComparison.Ordinal));

    [Fact]
    public void The_hop_tables_name_files_and_methods_that_exist()
    {
        var hops = HopRow().Matches(File.ReadAllText(Path.Combine(Root, "docs/path-of-a-message.md")));
        Assert.True(hops.Count >= 7, $"Of seven hops the document names {hops.Count}.");
        Assert.Empty(hops.Select(hop => Missing(hop.Groups[1].Value, hop.Groups[2].Value)).OfType<string>());
    }

    [Fact]
    public void Each_promise_names_tests_that_exist()
    {
        var tests = typeof(TidyTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet(StringComparer.Ordinal);
        var promises = File.ReadLines(Path.Combine(Root, "docs/architecture.md"))
            .Where(line => PromiseRow().IsMatch(line))
            .ToList();
        Assert.Equal(7, promises.Count);
        Assert.All(promises, promise => Assert.NotEmpty(TestName().Matches(promise)));
        Assert.Empty(
            from name in promises.SelectMany(promise => TestName().Matches(promise)).Select(hit => hit.Groups[1].Value)
            where !tests.Any(test => name.EndsWith('…')
                ? test.Contains($".{name[..^1]}", StringComparison.Ordinal)
                : test == name || test.EndsWith($".{name}", StringComparison.Ordinal))
            select name);
    }

    [Fact]
    public void The_readme_fits() =>
        Assert.InRange(File.ReadLines(Path.Combine(Root, "README.md")).Count(), 1, ReadmeLinesMax);

    private static string? Missing(string file, string method)
    {
        var path = Path.Combine(Root, file);
        if (!File.Exists(path)) return $"{file} is not there";
        var declaration = $@"^\s+(public|private|internal|protected)\b[^;={{]*\b{method}(<\w+>)?\(";
        var declares = Regex.IsMatch(File.ReadAllText(path), declaration, RegexOptions.Multiline);
        return declares ? null : $"{file} declares no {method}";
    }

    /// <summary>All C# files that were written and not made by a build.</summary>
    private static IEnumerable<(string Name, string Path)> Sources()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true };
        var files = Directory.GetDirectories(Root, "Chat.*")
            .SelectMany(project => Directory.EnumerateFiles(project, "*.cs", options))
            .Select(path => (Name: Path.GetRelativePath(Root, path).Replace('\\', '/'), Path: path))
            .Where(file => !file.Name.Split('/').Any(part => part is "bin" or "obj" or "node_modules"))
            .ToList();
        Assert.NotEmpty(files);
        return files;
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Chat.sln")))
            directory = directory.Parent;
        return directory?.FullName
            ?? throw new InvalidOperationException("Chat.sln lies in no folder above the tests.");
    }

    private static string WithoutComments(string code) => Comments().Replace(code, "");

    [GeneratedRegex(@"^\| \d \|")]
    private static partial Regex PromiseRow();

    [GeneratedRegex("`([A-Za-z]+\\.[A-Z]\\w+…?|[A-Z]\\w*_\\w+…?)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comments();

    [GeneratedRegex(@"\b[A-Za-z_]\w*\b")]
    private static partial Regex Words();

    [GeneratedRegex(@"\bChat\.Storage\.(Postgres|Sqlite)\b")]
    private static partial Regex StoreNamespace();

    [GeneratedRegex(@"^\|[^|]*\| `([^`]+\.cs)` \| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex HopRow();
}
