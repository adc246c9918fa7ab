using System.CommandLine;
using Harmony.Fleet.Cli;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Cli.Help;

/// <summary>Every command tells what it does, has examples that parse, and stands in docs/cli.md with all of its options.</summary>
public sealed class CommandHelpTests
{
    private static readonly RootCommand Root = CommandTree.Create(
        new CliHost(new CliConsole(TextWriter.Null, TextWriter.Null, Stream.Null), _ => null, TimeProvider.System, "/"), new GlobalOptions());

    private static readonly string Documentation = File.ReadAllText(RepositoryRoot.File("docs/cli.md"));

    public static TheoryData<string> Paths => [.. Commands(Root, "fleet").Select(pair => pair.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Command_HasADescription_AndExamplesThatParse(string path)
    {
        var command = Find(path).ShouldBeOfType<CliCommand>();
        command.Description.ShouldNotBeNullOrWhiteSpace();
        command.Examples.ShouldNotBeEmpty();
        foreach (var example in command.Examples)
        {
            // What a shell would do with the rest is no part of the call.
            var line = example.Split([" > ", " | "], StringSplitOptions.None)[0].Replace('\'', '"');
            Root.Parse(line).Errors.ShouldBeEmpty(example);
        }
    }

    [Fact]
    public void Examples_NameImagesThatADeviceHas()
    {
        var named = Commands(Root, "fleet").SelectMany(pair => ((CliCommand)pair.Command).Examples).Append(Documentation)
            .SelectMany(text => text.Split([' ', '\n', '`'])).Where(word => word.StartsWith("localhost/", StringComparison.Ordinal)).ToList();
        named.ShouldNotBeEmpty();
        named.ShouldAllBe(image => image == HelloWebImage.Reference(1) || image == HelloWebImage.Reference(2));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Help_ShowsTheExamples(string path)
    {
        using var cli = new CliUnderTest();
        var run = await cli.RunAsync([.. path.Split(' ')[1..], "--help"]);
        run.Code.ShouldBe(0);
        run.Out.ShouldContain($"Usage:\n  {path}");
        run.Out.ShouldContain("Examples:\n  fleet ");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Help_AsksNobody(string path)
    {
        await using var server = await ScriptedServer.StartAsync();
        using var cli = new CliUnderTest().Facing(server.Address);
        await cli.RunAsync([.. path.Split(' ')[1..], "--help"]);
        server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Examples_AreNotBroken_WhereTheTerminalIsNarrow(string path)
    {
        using var cli = new CliUnderTest { IsTerminal = true };
        cli.Resize(50, 24);
        var help = (await cli.RunAsync([.. path.Split(' ')[1..], "--help"])).Out;
        help[help.IndexOf("Examples:\n", StringComparison.Ordinal)..].TrimEnd().Split('\n')[1..]
            .ShouldBe(((CliCommand)Find(path)).Examples.Select(example => $"  fleet {example}"));
    }

    [Theory]
    [InlineData("./fleet", "--help", true)]
    [InlineData(null, "--help", false)]
    [InlineData("./fleet", "get --help", false)]
    public async Task Help_OfASourceTree_NamesTheLaunchersOwnVerb(string? launcher, string line, bool isNamed)
    {
        using var cli = new CliUnderTest();
        cli.Environment["HARMONY_FLEET_NAME"] = launcher ?? string.Empty;
        (await cli.RunAsync(line.Split(' '))).Out.Contains("  ./fleet test  Run its tests", StringComparison.Ordinal).ShouldBe(isNamed);
    }

    [Fact]
    public async Task Help_NamesArguments_NotWhatTheyMayBe()
    {
        using var cli = new CliUnderTest();
        (await cli.RunAsync("ping", "--help")).Out.ShouldContain("Arguments:\n  <DEVICE>  The device's name.\n");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Documentation_HasEveryCommand_WithEveryOption(string path)
    {
        var command = Find(path);
        var section = Section(path);
        section.ShouldNotBeNull($"docs/cli.md needs a heading '{path}'");
        foreach (var option in command.Options.Where(option => !option.Hidden))
        {
            section.ShouldContain($"`{option.Name}", customMessage: $"docs/cli.md, {path}");
            option.Description.ShouldNotBeNullOrWhiteSpace(option.Name);
        }

        if (command.Subcommands.Count == 0)
        {
            section.ShouldContain("```sh\nfleet ", customMessage: $"docs/cli.md needs an example of {path}");
        }
    }

    [Fact]
    public void Documentation_HasTheGlobalOptions_AndEveryExitCode()
    {
        Root.Options.Where(option => option.Name.StartsWith("--", StringComparison.Ordinal)).ShouldAllBe(option => Documentation.Contains($"`{option.Name}", StringComparison.Ordinal));
        foreach (var field in typeof(ExitCode).GetFields())
        {
            Documentation.ShouldContain($"| {field.GetRawConstantValue()} |");
        }
    }

    [Fact]
    public void Documentation_NamesNoCommandThatIsNotThere()
    {
        var known = Commands(Root, "fleet").Select(pair => pair.Path).ToHashSet(StringComparer.Ordinal);
        Documentation.Split('\n').Where(line => line.StartsWith('#') && line.Contains("`fleet ", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]).ShouldAllBe(path => known.Contains(path));
    }

    private static string? Section(string path)
    {
        var lines = Documentation.Split('\n');
        var begin = Array.FindIndex(lines, line => line.StartsWith('#') && line.Contains($"`{path}`", StringComparison.Ordinal));
        var end = begin < 0 ? -1 : Array.FindIndex(lines, begin + 1, line => line.StartsWith('#'));
        return begin < 0 ? null : string.Join('\n', lines[begin..(end < 0 ? lines.Length : end)]);
    }

    private static Command Find(string path) => Commands(Root, "fleet").Single(pair => pair.Path == path).Command;

    private static IEnumerable<(string Path, Command Command)> Commands(Command parent, string path) => parent.Subcommands.Where(command => !command.Hidden)
        .SelectMany(command => Commands(command, $"{path} {command.Name}").Prepend(($"{path} {command.Name}", command)));
}
