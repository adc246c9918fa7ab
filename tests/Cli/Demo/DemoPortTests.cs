using System.Net;
using System.Net.Sockets;
using Harmony.Fleet.Cli.Demo;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Cli.Demo;

/// <summary>The port of the demo's page, where this process listens on it.</summary>
public sealed class DemoPortTests : IDisposable
{
    private readonly TcpListener squatter = new(IPAddress.Loopback, 0);
    private readonly ManualTime time = new();

    public DemoPortTests() => squatter.Start();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Port => ((IPEndPoint)squatter.LocalEndpoint).Port;

    private string Sentence => $"port {Port} of 127.0.0.1 is in use by process {Environment.ProcessId} ({Program}): end what listens there, or choose another port with --port";

    private static string Program => Path.GetFileName(File.ReadAllText("/proc/self/cmdline").Split('\0')[0]);

    public void Dispose() => squatter.Dispose();

    [Theory]
    [InlineData("demo", "--data", "data")]
    [InlineData("demo", "--auto", "--data", "data")]
    [InlineData("demo", "--auto")]
    public async Task Port_InUse_IsToldBeforeAnythingIsSetUp(params string[] line)
    {
        using var cli = new CliUnderTest();
        cli.Environment["HOME"] = cli.Folder;
        (await cli.RunUntilAsync(Soon(), [.. line, "--port", $"{Port}"])).ShouldBe(new CliRun(5, string.Empty, $"error: {Sentence}\n"));
        Directory.Exists(Path.Combine(cli.Folder, "data")).ShouldBeFalse();
    }

    [Fact]
    public void Port_WhichAContainerOfAKilledFleetHolds_IsTaken_OthersAreNot()
    {
        var port = new DemoPort(Host(), Port);
        port.Refusal([new LeftProcess("web", ProcessIdentity.Self, IsContainer: true)]).ShouldBeNull();
        port.Refusal([new LeftProcess("web", new ProcessIdentity(1, 1), IsContainer: true)]).ShouldNotBeNull().ToString().ShouldBe(Sentence);
    }

    [Fact]
    public async Task Port_ThatTheDeploymentHas_AndSomebodyElseHolds_IsRefusedWhenItsContainerHadItsTime()
    {
        var asked = 0;
        var choosing = new DemoPort(Host(), Port).ChooseAsync(Port, (_, _) => Task.FromResult<Outcome<bool>>(asked++ < 0), Token);
        await time.PassAsync(TimeSpan.FromSeconds(1), () => choosing.IsCompleted, "it is given up");
        (await choosing).Fault.ShouldNotBeNull().ToString().ShouldBe(Sentence);
        asked.ShouldBeGreaterThan(2);
        time.Passed.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Port_OfItsOwnContainer_IsTaken_AlsoWhenThatBeginsLate()
    {
        var asked = 0;
        var choosing = new DemoPort(Host(), Port).ChooseAsync(Port, (_, _) => Task.FromResult<Outcome<bool>>(++asked > 3), Token);
        await time.PassAsync(TimeSpan.FromSeconds(1), () => choosing.IsCompleted, "it is chosen");
        (await choosing).Value.ShouldBe(Port);
    }

    [Fact]
    public async Task Port_ThatTheDeploymentDoesNotHave_IsRefusedAtOnce()
    {
        var chosen = await new DemoPort(Host(), Port).ChooseAsync(null, (_, _) => throw new InvalidOperationException(), Token);
        chosen.Fault.ShouldNotBeNull().ToString().ShouldBe(Sentence);
    }

    private CliHost Host() => new(new CliConsole(TextWriter.Null, TextWriter.Null, Stream.Null), _ => null, time, "/");

    /// <summary>A fleet that starts all the same is ended.</summary>
    private static CancellationToken Soon() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;
}
