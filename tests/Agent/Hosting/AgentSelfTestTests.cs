using System.Net;
using System.Net.Sockets;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.NatsAdmin;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Agent.Hosting;

[Trait("Category", "Integration")]
public sealed class AgentSelfTestTests : IDisposable
{
    private readonly AgentFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task SelfTest_WithoutNatsAndPodman_SaysWhatToDoAboutEach()
    {
        var (code, lines) = await RunAsync();
        code.ShouldBe(9);
        lines.Select(line => line[..13].TrimEnd()).Select(line => line[6..]).ShouldBe(["config", "keys", "podman", "nats", "disk", "clock"], Lines(lines));
        lines[2].ShouldContain(files.File("none.sock"));
        lines[3].ShouldContain("cannot be reached");
        Directory.Exists(files.File("state")).ShouldBeFalse("nothing is made");
    }

    [Fact]
    public async Task SelfTest_WithSettingsThatAreWrong_TellsThemAllAndLooksAtTheRest()
    {
        File.SetUnixFileMode(files.File("keys.json"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        File.Delete(files.File("seed"));
        var (code, lines) = await RunAsync();
        code.ShouldBe(9);
        lines[0].ShouldStartWith("FAIL  config  keyFile: every user of this machine can read");
        lines[1].ShouldStartWith("FAIL  config  nats.nkeySeedFile: there is no file");
        lines[2..].Select(line => line[6..12].TrimEnd()).ShouldBe(["keys", "podman", "nats", "disk", "clock"]);
        lines[2..6].ShouldAllBe(line => line.StartsWith("warn", StringComparison.Ordinal) && line.EndsWith("not looked at, for the settings are wrong.", StringComparison.Ordinal));
    }

    /// <summary>Opened, a pipe would wait until somebody writes into it.</summary>
    [Theory]
    [InlineData("agent.json", "")]
    [InlineData("keys.json", "keyFile: ")]
    [InlineData("seed", "nats.nkeySeedFile: ")]
    public async Task SelfTest_WithAPipeInAFilesPlace_SaysSo(string file, string setting)
    {
        File.Delete(files.File(file));
        await files.PipeAsync(file);
        var (code, lines) = await RunAsync();
        code.ShouldBe(9);
        lines[0].ShouldBe($"FAIL  config  {setting}{files.File(file)} cannot be read: it is a pipe, not a file.");
    }

    [Fact]
    public async Task SelfTest_WithAPodmanAndANatsThatHang_EndsAndSaysSo()
    {
        // Both take the connection, and say nothing.
        using var nats = new TcpListener(IPAddress.Loopback, 0);
        nats.Start();
        using var podman = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        podman.Bind(new UnixDomainSocketEndPoint(files.File("podman.sock")));
        podman.Listen();
        files.Configure($"nats://{nats.LocalEndpoint}", files.File("podman.sock"));
        var (code, lines) = await RunAsync();
        code.ShouldBe(9);
        lines[2].ShouldStartWith("FAIL  podman  podman did not answer within 5 s");
        lines[3].ShouldStartWith("FAIL  nats ");
    }

    [Fact]
    public async Task SelfTest_WithAllThatItNeeds_FindsNothingWrong()
    {
        await EngScript.RunAsync("eng/podman.sh", "--tests");
        using var operatorKey = NKeyPair.Create(NKeyKind.User);
        await using var nats = await NatsServer.StartAsync(NatsVersions.Newest, site => new ServerConfig
        {
            Port = site.Port, StoreDirectory = site.StoreDirectory, OperatorPublicKey = operatorKey.PublicKey, Devices = [new DeviceUser(ControlPlane.Device, files.PublicKey)],
        }.Render());
        await using var bus = new NatsBus(NatsOptions.For(nats.Url) with { Login = new NatsLogin.NKey(operatorKey) }, TimeProvider.System, NullLogger.Instance);
        await bus.ConnectAsync(CancellationToken.None);
        var plane = new ControlPlane(bus, new NatsBusAdmin(() => bus.Connection));
        await plane.EnsureBucketsAsync();
        var podman = await PodmanService.StartAsync(new PodmanServiceOptions { Folder = files.File("podman") }, TimeProvider.System, CancellationToken.None);
        await using var service = podman.IsOk ? podman.Value : throw new ShouldAssertException(podman.Fault.ToString());
        files.Configure(nats.Url, service.SocketPath);
        var (code, lines) = await RunAsync();
        lines[2].ShouldStartWith("ok    podman  version ");
        lines[3].ShouldStartWith($"warn  nats    connected to {nats.Url}"); // There is no manifest yet.
        code.ShouldBe(0, Lines(lines));

        await plane.WantAsync();
        (await RunAsync()).Lines[3].ShouldStartWith($"ok    nats    connected to {nats.Url}");
        await PodmanPurge.PurgeAsync(files.File("podman"), CancellationToken.None);
    }

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);

    private async Task<(int Code, string[] Lines)> RunAsync()
    {
        await using var agent = await RunningProgram.StartAsync("dotnet", AgentFiles.Program, "--self-test", "--config", files.File("agent.json"));
        var code = await agent.EndAsync();
        return (code, agent.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
