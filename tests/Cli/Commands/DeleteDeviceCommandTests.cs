using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Cli.Commands;

public sealed class DeleteDeviceCommandTests : IAsyncLifetime
{
    private const string ComesBack = "Where its agent runs, it makes itself known again within twelve minutes, and is given what matches it then.\n";
    private const string NotKnown = "whose containers stay on it; how many these are is not known";
    private const string Question = "Delete device pi-1? [y/N] ";

    private readonly CliUnderTest cli = new();
    private OperatorServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await OperatorServer.StartAsync();
        await server.AddDeviceAsync(Samples.Device("pi-1"));
        await server.AddDeviceAsync(Samples.Device("pi-2"));
        cli.Facing(server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Fact]
    public async Task Yes_DeletesThisOneAlone()
    {
        (await cli.RunAsync("delete", "device", "pi-1", "--yes")).ShouldBe(new CliRun(0, "device pi-1 deleted\n", string.Empty));
        (await cli.RunAsync("get", "device", "pi-2")).Code.ShouldBe(0);
        (await cli.RunAsync("delete", "device", "pi-1", "-y")).ShouldBe(
            new CliRun(3, string.Empty, "error: device \"pi-1\" not found: see which there are with fleet get devices\n"));
    }

    [Fact]
    public async Task Wait_WaitsUntilNothingHoldsIt()
    {
        await FinalizersAsync("fleet.nationtech.io/bus");
        var deleting = cli.RunAsync("delete", "device", "pi-1", "--yes", "--wait");
        await Eventually.HoldsAsync(() => cli.Error.ToString().Length > 0, "it waits");
        deleting.IsCompleted.ShouldBeFalse();
        await FinalizersAsync();
        (await deleting).ShouldBe(new CliRun(0, "device pi-1 deleted\n", "Waiting for device pi-1: it is still held by fleet.nationtech.io/bus.\n"));
    }

    [Fact]
    public async Task Wait_ForOneThatMadeItselfKnownAgain_IsOver()
    {
        await FinalizersAsync("fleet.nationtech.io/bus");
        var deleting = cli.RunAsync("delete", "device", "pi-1", "--yes", "--wait");
        await Eventually.HoldsAsync(() => cli.Error.ToString().Length > 0, "it waits");
        await FinalizersAsync();
        await server.AddDeviceAsync(Samples.Device("pi-1"));
        (await deleting).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Wait_ThatIsTooLong_SaysWhatHoldsIt()
    {
        await FinalizersAsync("fleet.nationtech.io/bus");
        (await cli.RunAsync("delete", "device", "pi-1", "--yes", "--wait", "--timeout", "0s")).ShouldBe(
            new CliRun(4, string.Empty, "error: device pi-1 is not gone after 0s: it is still held by fleet.nationtech.io/bus\n"));
    }

    [Fact]
    public async Task Timeout_WithoutWait_IsRefused() =>
        (await cli.RunAsync("delete", "device", "pi-1", "-y", "--timeout", "5s")).Error.ShouldStartWith("error: --timeout says how long --wait waits: say --wait as well, or leave it out\n");

    [Fact]
    public async Task NoTerminal_DemandsYes()
    {
        cli.Input = "y\n";
        (await cli.RunAsync("delete", "device", "pi-1")).ShouldBe(
            new CliRun(2, string.Empty, "error: there is no terminal to ask on: say --yes to delete it without a question\n"));
        (await cli.RunAsync("get", "device", "pi-1")).Code.ShouldBe(0);
    }

    [Theory]
    [InlineData("y\n", 0)]
    [InlineData("YES\n", 0)]
    [InlineData("n\n", 1)]
    [InlineData("\n", 1)]
    [InlineData("", 1)]
    [InlineData("pi-1\n", 1)]
    public async Task Terminal_IsToldWhatGoes_AndAsked(string answer, int code)
    {
        await server.PutManifestAsync("pi-1", new ReconcileScore());
        var run = await AskedAsync(answer);
        run.Code.ShouldBe(code);
        run.Error.ShouldStartWith($"Device pi-1 leaves 1 deployment, whose containers stay on it. {ComesBack}{Question}");
        run.Error.EndsWith("error: device pi-1 was not deleted\n", StringComparison.Ordinal).ShouldBe(code != 0);
        run.Out.ShouldBe(code == 0 ? "device pi-1 deleted\n" : string.Empty);
        (await cli.RunAsync("get", "device", "pi-1")).Code.ShouldBe(code == 0 ? 3 : 0);
    }

    [Fact]
    public async Task Terminal_WithAManifestThatNamesNothing_IsToldSo()
    {
        await server.PutManifestAsync("pi-1");
        (await AskedAsync("n\n")).Error.ShouldStartWith($"Device pi-1 is in no deployment. {ComesBack}{Question}");
    }

    [Fact]
    public async Task Terminal_WithoutAManifest_IsToldSo() =>
        (await AskedAsync("n\n")).Error.ShouldStartWith($"Device pi-1 leaves all deployments, {NotKnown}, for no manifest of it is on the bus. {ComesBack}{Question}");

    [Fact]
    public async Task Terminal_IsToldWhichLabelsAreLost()
    {
        await cli.RunAsync("label", "device", "pi-1", "site=lyon", "tier=edge");
        (await AskedAsync("n\n")).Error.ShouldStartWith(
            $"Device pi-1 leaves all deployments, {NotKnown}, for no manifest of it is on the bus. The administrator's labels of it are lost: site=lyon, tier=edge. {ComesBack}{Question}");
    }

    [Fact]
    public async Task Terminal_WhereTheManifestCannotBeRead_IsToldSo()
    {
        await server.Bus.Bucket(BucketNames.DesiredState).PutAsync("pi-1", "nobody signed this"u8.ToArray(), default, TestContext.Current.CancellationToken);
        var run = await AskedAsync("y\n");
        run.Error.ShouldStartWith(
            $"Device pi-1 leaves all deployments, {NotKnown}, for its manifest cannot be read: "
            + $"the manifest of pi-1 on the bus does not carry this control plane's MAC: the device refuses it. {ComesBack}{Question}");
        run.Out.ShouldBe("device pi-1 deleted\n");
    }

    [Fact]
    public async Task Terminal_OfADeviceThatIsNotThere_IsNotAsked()
    {
        cli.IsTerminal = true;
        (await cli.RunAsync("delete", "device", "pi-9")).ShouldBe(
            new CliRun(3, string.Empty, "error: device \"pi-9\" not found: see which there are with fleet get devices\n"));
    }

    [Fact]
    public async Task CtrlC_WhileTheUserTypes_DeletesNothing()
    {
        cli.IsTerminal = true;
        cli.IsSilent = true;
        using var interrupted = new CancellationTokenSource();
        var run = Task.Run(() => cli.RunUntilAsync(interrupted.Token, "delete", "device", "pi-1"));
        await Eventually.HoldsAsync(() => cli.Error.ToString().EndsWith(Question, StringComparison.Ordinal), "the question");
        await interrupted.CancelAsync();
        (await run).Code.ShouldBe(130);
        (await cli.RunAsync("get", "device", "pi-1")).Code.ShouldBe(0);
    }

    private async Task FinalizersAsync(params string[] finalizers)
    {
        var stored = (await server.Store.GetAsync(ResourceTypes.Devices, new ResourceKey(null, "pi-1"), default)).ShouldBeOfType<StoreOutcome<Device>.Ok>().Resource;
        await server.Store.PatchFinalizersAsync(ResourceTypes.Devices, ResourceRevision.Of(stored.Metadata), [.. finalizers], default);
    }

    private async Task<CliRun> AskedAsync(string answer)
    {
        (cli.IsTerminal, cli.Input) = (true, answer);
        cli.Resize(1000, 24);
        try
        {
            return await cli.RunAsync("delete", "device", "pi-1");
        }
        finally
        {
            cli.IsTerminal = false;
        }
    }
}
