using Harmony.Fleet.Cli.Demo;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Steps;

namespace Harmony.Fleet.Tests.Cli.Hosting;

/// <summary>Command lines that are to be copied: however narrow the terminal is, each stands on one line.</summary>
public sealed class CopiedLineTests : IDisposable
{
    private const string Folder = "/srv/fleets of the second floor/a lab";

    private static readonly UpRequest Request = new(Folder, IsUsualFolder: false, null, null, null);

    private readonly SharedWriter errors = new();

    public static TheoryData<int> Widths => [20, 40, 60];

    public void Dispose() => errors.Dispose();

    [Theory]
    [MemberData(nameof(Widths))]
    public void Up_NamesWhatCanBeDoneNext(int width)
    {
        new LocalFleets(Host(width)).Introduce(Request, "http://127.0.0.1:1", "nats://127.0.0.1:2", 1, hasMetrics: true);
        Lines.ShouldContain($"  fleet get devices --data '{Folder}'");
        Lines.ShouldContain("  fleet apply --help");
        Lines.ShouldContain($"  fleet kv ls --data '{Folder}'");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Demo_NamesCommands_BelowWhatTheyAreFor(int width)
    {
        var host = Host(width);
        const string Upgrade = "apply --name hello-web --image localhost/hello-web:2 --port 127.0.0.1:20000:8080 --selector device-id=device-1";
        DemoTour.Lines([(Upgrade, "upgrade to version 2, then look at http://127.0.0.1:20000/ again")], host, Request).ToList().ForEach(host.Console.Say);
        Lines.ShouldBe(["  # upgrade to version 2, then look at http://127.0.0.1:20000/ again", $"  fleet {Upgrade} --data '{Folder}'"]);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public async Task WrongCommandLine_NamesTheHelp(int width)
    {
        using var cli = new CliUnderTest { IsTerminal = true };
        cli.Resize(width, 24);
        (await cli.RunAsync("wait", "deployment")).Error.Split('\n').ShouldContain(line => line.EndsWith("fleet wait deployment --help", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Note_NamesACommand(int width)
    {
        var host = Host(width);
        var command = host.Line("down --now", Request.DataFlag);
        new StepLines(host.Console, width).Note($"3 containers have 10 s to end: {command} kills them").ShouldContain(line => line.Contains(command, StringComparison.Ordinal));
    }

    private List<string> Lines => [.. errors.ToString().TrimEnd('\n').Split('\n')];

    private CliHost Host(int width) => new(
        new CliConsole(TextWriter.Null, errors, Stream.Null) { IsErrorTerminal = true, ErrorSize = () => new TerminalSize(width, 24) }, _ => null, TimeProvider.System, "/");
}
