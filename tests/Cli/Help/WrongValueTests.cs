using System.CommandLine;
using Harmony.Fleet.Cli;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;

namespace Harmony.Fleet.Tests.Cli.Help;

/// <summary>A value that an option does not take is told as such, whichever the command and whatever else is said. Nothing is started: a call that parses is not made.</summary>
public sealed class WrongValueTests
{
    private static readonly RootCommand Root = CommandTree.Create(
        new CliHost(new CliConsole(TextWriter.Null, TextWriter.Null, Stream.Null), _ => null, TimeProvider.System, "/"), new GlobalOptions());

    private static readonly string[] Values = ["x", "-1", "1.2", "99999999", ""];

    /// <summary>Each option, after its command.</summary>
    public static TheoryData<string, string> Options => [.. Commands(Root, string.Empty).SelectMany(pair => pair.Command.Options.Where(option => option.Name != "--help" && option.Name != "--version").Select(option => (pair.Path, option.Name)))];

    [Theory]
    [MemberData(nameof(Options))]
    public async Task Value_ThatIsWrong_IsToldAsAWrongCommandLine(string path, string name)
    {
        var words = path.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var command = Commands(Root, string.Empty).Single(pair => pair.Path == path).Command;
        var option = command.Options.Single(option => option.Name == name);
        var switches = command.Options.Where(other => other.ValueType == typeof(bool) && other != option && other.Name[..2] == "--" && other.Name is not ("--help" or "--version")).Select(other => other.Name).ToArray();
        using var cli = new CliUnderTest();
        foreach (var value in Values)
        {
            foreach (var others in (string[][])[[], switches])
            {
                string[] line = [.. words, .. others, .. option.ValueType == typeof(bool) ? (string[])[$"{name}={value}"] : [name, value]];
                var isRefused = UsageErrors.Unreadable(line) is not null || UsageErrors.Find(Root.Parse(line), line).Count > 0;
                (isRefused || MayBeMeant(option, value)).ShouldBeTrue(string.Join(' ', line));
                if (isRefused)
                {
                    var run = await cli.RunAsync(line);
                    run.Code.ShouldBe(2, string.Join(' ', line));
                    run.Error.ShouldStartWith("error: ");
                    run.Out.ShouldBeEmpty();
                }
            }
        }
    }

    [Theory]
    [InlineData("up --api-port 70000", "--api-port takes a number from 1 to 65535, not '70000'")]
    [InlineData("up --nats-port x --api-port 1", "--nats-port takes a number from 1 to 65535, not 'x'")]
    [InlineData("demo --devices 99", "--devices takes a number from 0 to 32, not '99'")]
    [InlineData("up --otlp-endpoint otel:4317", "--otlp-endpoint 'otel:4317' is no address of a collector: write http://host:4317 or https://host:4317")]
    [InlineData("up --otlp-endpoint http://me:secret@host:4317", "--otlp-endpoint 'http://me:secret@host:4317' is no address of a collector: write ")]
    [InlineData("up --otlp-protocol http", "--otlp-protocol knows no 'http': use grpc or http/protobuf")]
    [InlineData("demo --otlp-protocol grpc", "--otlp-protocol says how --otlp-endpoint is spoken to: say that as well, or leave it out")]
    [InlineData("demo --auto --port x", "--port takes a number from 1 to 65535, not 'x'")]
    [InlineData("load-test --present --agents x", "--agents knows no 'x': use states or real")]
    [InlineData("get deployments -A Not_A_Name", "'Not_A_Name' is no deployment's name: use ")]
    public async Task Value_ThatACheckOfTheCommandReads_IsTold(string line, string error)
    {
        using var cli = new CliUnderTest();
        var run = await cli.RunAsync(line.Split(' '));
        run.Code.ShouldBe(2);
        run.Error.ShouldStartWith($"error: {error}");
        run.Error.Split('\n').Count(text => text.StartsWith("error: ", StringComparison.Ordinal)).ShouldBe(1, run.Error);
    }

    /// <summary>Text that is not empty, and a number where numbers are taken, may be meant.</summary>
    private static bool MayBeMeant(Option option, string value) =>
        value.Length == 0 ? option.Name is "--arg" or "--command" : option.ValueType == typeof(string) || option.ValueType == typeof(string[]) || (option.ValueType == typeof(int?) && value == "99999999");

    private static IEnumerable<(string Path, Command Command)> Commands(Command parent, string path) => parent.Subcommands.Where(command => !command.Hidden)
        .SelectMany(command => Commands(command, $"{path} {command.Name}".Trim())).Prepend((path, parent));
}
