using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Tests.Cli.Applying;

/// <summary>What is applied to a deployment that is being deleted.</summary>
public sealed class BeingDeletedTests : IAsyncLifetime
{
    private readonly CliUnderTest cli = new();
    private OperatorServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await OperatorServer.StartAsync();
        cli.Facing(server.Address);
        cli.Write("held.yaml", Held("example.com/audit, example.com/bill"));
        (await cli.RunAsync("apply", "-f", "held.yaml")).Code.ShouldBe(0);
        (await cli.RunAsync("delete", "deployment", "hello", "--yes")).Code.ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Theory]
    [InlineData("example.com/audit, example.com/bill")]
    [InlineData("example.com/audit, example.com/bill, example.com/new")]
    [InlineData("example.com/audit, example.com/new")]
    public async Task Apply_SaysSinceWhen_WhoHoldsIt_AndWhatToDo(string finalizers)
    {
        cli.Write("again.yaml", Held(finalizers));
        (await cli.RunAsync("apply", "-f", "again.yaml")).ShouldBe(new CliRun(
            5,
            string.Empty,
            "error: deployment default/hello is being deleted since 2026-11-21 07:33:00Z, held by fleet.nationtech.io/manifests, example.com/audit, example.com/bill: "
            + "apply it again once it is gone: fleet wait deployment hello -n default --for=deleted\n"));
    }

    [Fact]
    public async Task Apply_WithoutFinalizersThatHeldIt_LetsItGo_AndThenCreatesItAnew()
    {
        const string Told = "deployment default/hello is being deleted: only its finalizers were taken from less.yaml. Apply it again once it is gone, to have it anew.\n";
        cli.Write("less.yaml", Held("example.com/bill").Replace("image: a", "image: b", StringComparison.Ordinal));
        (await cli.RunAsync("apply", "-f", "less.yaml")).ShouldBe(new CliRun(0, "deployment default/hello released\n", Told));
        var stored = JsonElement.Parse((await cli.RunAsync("get", "deployment", "hello", "-o", "json")).Out);
        stored.GetProperty("metadata").GetProperty("finalizers").EnumerateArray().Select(item => item.GetString()).ShouldBe(["fleet.nationtech.io/manifests", "example.com/bill"]);
        stored.GetProperty("metadata").GetProperty("generation").GetInt64().ShouldBe(2, "the spec is as it was");

        cli.Write("less.yaml", Samples.DeploymentYaml("hello"));
        (await cli.RunAsync("apply", "-f", "less.yaml", "--wait")).ShouldBe(new CliRun(0, "deployment default/hello released\n", Told));
        await server.ReleaseAsync("hello");
        (await cli.RunAsync("wait", "deployment", "hello", "--for=deleted")).Code.ShouldBe(0);
        (await cli.RunAsync("apply", "-f", "less.yaml")).ShouldBe(new CliRun(0, "deployment default/hello created\n", string.Empty));
    }

    [Fact]
    public async Task Wait_ForConvergence_SaysThatItIsBeingDeleted()
    {
        var waited = await cli.RunAsync("wait", "deployment", "hello", "--for=converged", "--timeout", "1ms");
        waited.Code.ShouldBe(4);
        waited.Error.ShouldEndWith("error: deployment default/hello did not converge after 1ms: it is being deleted\n");
    }

    [Fact]
    public async Task Device_HasNoCommandToWaitWith()
    {
        await using var scripted = await ScriptedServer.StartAsync();
        var device = Samples.Device("pi-1");
        device = device with { Metadata = device.Metadata with { DeletionTimestamp = Samples.Then, Finalizers = ["example.com/audit"] } };
        scripted.On("GET /api/v1/devices/pi-1", JsonSerializer.Serialize(device, ResourceTypes.Devices.Json));
        cli.Write("pi.yaml", "apiVersion: fleet.nationtech.io/v1alpha1\nkind: Device\nmetadata: {name: pi-1, finalizers: [example.com/audit]}\nspec: {labels: {site: lyon}}\n");
        (await cli.Facing(scripted.Address).RunAsync("apply", "-f", "pi.yaml")).ShouldBe(new CliRun(
            5, string.Empty, "error: device pi-1 is being deleted since 2026-11-21 07:33:00Z, held by example.com/audit: apply it again once it is gone\n"));
    }

    private static string Held(string finalizers) =>
        Samples.DeploymentYaml("hello").Replace("name: hello", $"name: hello\n  finalizers: [{finalizers}]", StringComparison.Ordinal);
}
