using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Terminals;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>The demo in a real terminal, as a first-time user sees it.</summary>
[Trait("Category", "Integration")]
public sealed class DemoTests
{
    private const string Last = "Ctrl-C ends the demo; its data stays.";

    private static readonly string[] Steps = ["programs", "NATS", "operator", "device-1", "hello-web image", "apply", "wait", "fetch the page"];

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    public async Task Demo_InATerminal_FitsIt_AndEndsByCtrlC(int columns)
    {
        await using var folder = new FleetFolder();
        await using var terminal = await BeginAsync(folder, columns);
        await terminal.ShowsAsync(Last);
        var menu = terminal.Shown.IndexOf("Try, in another terminal:", StringComparison.Ordinal);
        IsWhole(new VirtualTerminal(columns, 50).Feed(terminal.Shown[..menu]), columns);
        terminal.Shown[menu..].ReplaceLineEndings("\n").ShouldMatch($@"\n  # upgrade to version 2, then look at http://127\.0\.0\.1:\d+/ again\n  fleet apply --name .* device-id=device-1 --data {folder.Path}\n");

        terminal.Type(PseudoTerminal.CtrlC);
        (await terminal.EndAsync()).ShouldBe(130);
        terminal.Shown.ShouldContain("Stopping ...");
        terminal.Shown.ShouldContain("The fleet is down.");
        await folder.NobodyIsLeftAsync();
    }

    [Fact]
    public async Task Demo_WhoseTerminalIsResized_GoesOnInTheNewWidth()
    {
        await using var folder = new FleetFolder();
        await using var terminal = await BeginAsync(folder, 120);
        await terminal.ShowsAsync("operator");
        var before = terminal.Shown;
        terminal.Resize(60);
        var screen = new VirtualTerminal(120, 50).Feed(before).Resize(60, 50);
        await terminal.ShowsAsync(Last);
        IsWhole(screen.Feed(terminal.Shown[before.Length..]), null);
        terminal.Type(PseudoTerminal.CtrlC);
        (await terminal.EndAsync()).ShouldBe(130);
    }

    [Theory]
    [InlineData("device-1")]
    [InlineData(Last)]
    public async Task Demo_WhoseTerminalIsClosed_LeavesNothingBehind(string when)
    {
        await using var folder = new FleetFolder();
        await using var terminal = await BeginAsync(folder, 80);
        await terminal.ShowsAsync(when);
        await terminal.CloseAsync();
        (await terminal.EndAsync()).ShouldBe(130);
        await folder.NobodyIsLeftAsync();
        File.Exists(Path.Combine(folder.Path, "run/stack.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task Demo_WhoseContainerCannotStart_SaysWhyAtOnce_AndKeepsTheFleetUntilCtrlC()
    {
        await using var folder = new FleetFolder();
        var port = FreePort.Next();
        await folder.UpAsync();
        var applied = await folder.RunAsync("apply", "--name", "hello-web", "--image", "localhost/hello-web:1", "--port", $"127.0.0.1:{port}:8080", "--selector", "device-id=device-1", "--wait");
        applied.Code.ShouldBe(0, applied.Errors);
        (await folder.RunAsync("down")).Code.ShouldBe(0);
        using var other = new TcpListener(IPAddress.Loopback, port);
        other.Start();

        await using var terminal = await BeginAsync(folder, 100);
        await terminal.ShowsAsync("· device-1 says: ");
        terminal.Shown.ShouldNotContain("✗", customMessage: "it is said before the step is given up");
        await terminal.ShowsAsync(Last);

        var screen = new VirtualTerminal(100, 50).Feed(terminal.Shown);
        screen.Text.ShouldMatch(@"(?m)^✗ (wait|fetch the page) +[0-9.]+ s  failed$");
        string.Join(' ', screen.Text.Split([" ", "\n"], StringSplitOptions.RemoveEmptyEntries)).ShouldMatch($"error: device-1 says: .*{port}.*: mend that, then try again The fleet stays up, so that you can look, in another terminal:");
        (await folder.RunAsync("get", "devices")).Output.ShouldContain("device-1");
        terminal.Type(PseudoTerminal.CtrlC);
        (await terminal.EndAsync()).ShouldBe(1);
        await folder.NobodyIsLeftAsync();
    }

    [Fact]
    public async Task Demo_WhoseNamedPortSomebodyElseHas_SaysWho_ThoughTheDeploymentIsMeantToHaveIt()
    {
        await using var folder = new FleetFolder();
        var port = FreePort.Next();
        using var other = new TcpListener(IPAddress.Loopback, port);
        other.Start();
        await folder.UpAsync();
        var applied = await folder.RunAsync("apply", "--name", "hello-web", "--image", "localhost/hello-web:1", "--port", $"127.0.0.1:{port}:8080", "--selector", "device-id=device-1");
        applied.Code.ShouldBe(0, applied.Errors);

        var refused = await folder.RunAsync("demo", "--port", $"{port}");
        refused.Code.ShouldBe(5, refused.Errors);
        refused.Errors.ShouldEndWith($"error: port {port} of 127.0.0.1 is in use by process {Environment.ProcessId} ({Path.GetFileName(File.ReadAllText("/proc/self/cmdline").Split('\0')[0])}): end what listens there, or choose another port with --port\n");

        other.Stop();
        (await folder.RunAsync("wait", "deployment", "hello-web", "--for=converged", "--timeout", "2m")).Code.ShouldBe(0);
        var played = await folder.RunAsync("demo", "--port", $"{port}");
        played.Code.ShouldBe(0, $"its own container has the port: {played.Errors}");
    }

    [Fact]
    public async Task Regression_WithAPort_HasItsPageThere()
    {
        var port = FreePort.Next();
        var run = await CliCall.RunAsync("demo", "--auto", "--port", $"{port}");
        run.Code.ShouldBe(0, run.Errors);
        run.Errors.ShouldContain($"http://127.0.0.1:{port}/ answers 200");
    }

    private static Task<PseudoTerminal> BeginAsync(FleetFolder folder, int columns) =>
        PseudoTerminal.StartAsync(columns, CliCall.Program, "demo", "--data", folder.Path);

    /// <summary>Each step once, done; nothing that is still being done, and no line that broke.</summary>
    private static void IsWhole(VirtualTerminal screen, int? columns)
    {
        foreach (var step in Steps)
        {
            Regex.Count(screen.Text, $"^✓ {step} +[0-9.]+ s", RegexOptions.Multiline, TimeSpan.FromSeconds(1)).ShouldBe(1, $"{step}:\n{screen.Text}");
        }

        screen.Text.ShouldNotMatch("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏✗]");
        screen.ShowsCursor.ShouldBeTrue();
        if (columns is not null)
        {
            screen.HasBroken.ShouldBeFalse(screen.Text);
        }
    }
}
