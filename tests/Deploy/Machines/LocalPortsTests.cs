using System.Net;
using System.Net.Sockets;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Machines;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Machines;

public sealed class LocalPortsTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly List<string> said = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Port_AskedForAgainLater_IsTheSame()
    {
        var first = (await Ports().PortAsync("nats", null, Token)).Value;
        (await Ports().PortAsync("nats", null, Token)).Value.ShouldBe(first);
        (await Ports().PortAsync("api", null, Token)).Value.ShouldNotBe(first);
    }

    [Fact]
    public async Task Port_ThatSomebodyElseTook_IsReplacedByAFreeOne()
    {
        var first = (await Ports().PortAsync("nats", null, Token)).Value;
        using var squatter = new TcpListener(IPAddress.Loopback, first);
        squatter.Start();
        var second = (await Ports().PortAsync("nats", null, Token)).Value;
        second.ShouldNotBe(first);
        second.ShouldBeGreaterThan(0);
        said.ShouldBe([$"port {first}, which nats had before, is in use: it has {second} from now on"]);
    }

    [Fact]
    public async Task Port_WantedButInUse_SaysWhatToDo()
    {
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        var port = ((IPEndPoint)squatter.LocalEndpoint).Port;
        var fault = (await Ports().PortAsync("api", port, Token)).Fault.ShouldNotBeNull();
        fault.Kind.ShouldBe(FaultKind.Conflict);
        fault.ToString().ShouldBe($"port {port} of 127.0.0.1 is in use by process {Environment.ProcessId} ({Path.GetFileName(File.ReadAllText("/proc/self/cmdline").Split('\0')[0])}): end what listens there, or leave --api-port out to have a free one chosen");
    }

    [Fact]
    public void Port_ThatThisUserMayNotHave_IsNotSaidToBeInUse()
    {
        var fault = FreePorts.Explain(80, SocketError.AccessDenied, "--api-port");
        fault.Kind.ShouldBe(FaultKind.Permanent);
        fault.ToString().ShouldBe("this user may not listen on port 80: choose one above 1023 with --api-port, or run as root");
    }

    [Fact]
    public async Task Port_ThatThisProcessGaveOut_MayBeInUseByItsChild()
    {
        var ports = Ports();
        var port = (await ports.PortAsync("nats", null, Token)).Value;
        using var child = new TcpListener(IPAddress.Loopback, port);
        child.Start();
        (await ports.PortAsync("nats", null, Token)).Value.ShouldBe(port);
    }

    [Theory]
    [InlineData("{{{")]
    [InlineData("")]
    public async Task Port_WhenTheMemoryIsDamaged_IsAnyFreeOne_AndThatIsSaid(string content)
    {
        File.WriteAllText(folder.File(LocalPorts.FileName), content);
        (await Ports().PortAsync("nats", null, Token)).Value.ShouldBeGreaterThan(0);
        said.ShouldBe([$"{folder.File(LocalPorts.FileName)} is damaged: the ports that were remembered in it are lost, and others are chosen where none is named"]);
    }

    [Fact]
    public async Task Port_OfAFolderThatRemembersNone_IsChosenWithoutAWord()
    {
        (await Ports().PortAsync("nats", null, Token)).Value.ShouldBeGreaterThan(0);
        said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Port_ThatIsMeantForAnotherUse_IsNotGivenAgain_AndThatIsSaid()
    {
        var first = (await Ports().PortAsync("nats", null, Token)).Value;
        var second = (await Ports(first).PortAsync("nats", null, Token)).Value;
        second.ShouldNotBe(first);
        said.ShouldBe([$"port {first}, which nats had before, is meant for something else now: it has {second} from now on"]);
        (await Ports(first).PortAsync("api", first, Token)).Value.ShouldBe(first);
    }

    private LocalPorts Ports(params int[] wanted) => new(new LocalFiles(folder.Path), [.. wanted], said.Add);
}
