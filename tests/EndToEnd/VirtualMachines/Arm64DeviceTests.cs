using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Tests.EndToEnd.Fleet;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.EndToEnd.VirtualMachines;

/// <summary>An arm64 device of its own, like a Raspberry Pi: systemd, podman, and the agent from its Debian package. Run by <c>./fleet test --tier vm</c>.</summary>
[Trait("Category", "Integration")]
[Trait("Tier", "Vm")]
public sealed class Arm64DeviceTests : IDisposable
{
    private readonly TempFolder payload = new();
    private readonly TempFolder place = new();

    public void Dispose()
    {
        payload.Dispose();
        place.Dispose();
    }

    [Fact]
    public async Task Device_WithThePackage_RunsAContainerWhateverHappensToItsAgent()
    {
        File.Copy(await EngScript.RunAsync("eng/package.sh", "agent", "--rid", "linux-arm64"), payload.File("agent.deb"));
        File.Copy(RepositoryRoot.File("tests/EndToEnd/VirtualMachines/device.sh"), payload.File("run.sh"));
        await using var control = await ControlPlane.StartAsync(DeviceId.Parse("pi"));
        control.HandOver(payload);
        var port = FreePort.Next();
        await using var machine = await VirtualMachine.BootAsync(payload, place, port);

        (await machine.UntilAsync("== installed")).ShouldEndWith(", enabled, inactive");
        (await machine.UntilAsync("== started")).ShouldEndWith(", active");
        await Eventually.HoldsAsync(async () => IsReachable(await control.Api.DeviceAsync("pi")), "the device is reachable");
        (await control.Api.DeviceAsync("pi"))?.Spec?.Inventory?.Architecture.ShouldBe("arm64");

        await control.Api.ApplyAsync(Web.Deployment("web", 1, hostPort: 8080).With(container => container with { Image = "localhost/hello-arm64:1" }));
        await control.Api.UntilConvergedAsync("web");
        await Web.ShowsAsync(port, "hello from an arm64 device");
        await machine.UntilAsync("== runs a container");
        (await machine.UntilAsync("== restarted")).ShouldBe("== restarted, active, with the same container");
        await machine.UntilAsync("== woken by the watchdog");
        await Eventually.HoldsAsync(async () => IsReachable(await control.Api.DeviceAsync("pi")), "the device is reachable again");
        await machine.UntilAsync("== purged");
        await Web.ShowsAsync(port, "hello from an arm64 device");
    }

    private static bool IsReachable(Device? device) =>
        device?.Status?.Conditions.Any(condition => condition is { Type: ConditionTypes.Reachable, Status: ConditionStatus.True }) == true;
}
