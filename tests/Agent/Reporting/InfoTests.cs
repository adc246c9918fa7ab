using Harmony.Fleet.Ports.Containers;
using Harmony.Fleet.Tests.Agent.Rigs;

namespace Harmony.Fleet.Tests.Agent.Reporting;

public sealed class InfoTests
{
    [Fact]
    public async Task Info_AtTheStart_SaysWhoAndWhat()
    {
        await using var rig = new AgentRig();
        rig.Options = rig.Options with { Labels = rig.Options.Labels.Add("site", "plant-7") };
        await rig.StartAsync();
        var info = await rig.InfoAsync(_ => true, "an info");
        (info.Device, info.Instance, info.AgentVersion).ShouldBe((ControlPlane.Device, "run-1", "1.2.3"));
        info.Labels["site"].ShouldBe("plant-7");
        info.Capabilities.ShouldBe(["score/PodmanV0", "command/ping", "command/logs"]);
        info.Inventory.PodmanVersion.ShouldBe("4.3.1-fake");
        info.Inventory.Kernel.ShouldNotBeEmpty();
        info.CommandNonce.Length.ShouldBe(32);
        info.HealthFlags.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reconnect_WhilePodmanHangs_TellsTheNewNonce_AndOfPodmanLater()
    {
        SlowRuntime? runtime = null;
        await using var rig = new AgentRig { WrapRuntime = inner => runtime = new SlowRuntime(inner) };
        await rig.StartAsync();
        var before = await rig.InfoAsync(_ => true, "an info");
        runtime!.Info = new TaskCompletionSource<RuntimeInfo>();
        rig.Bus.GoDown();
        rig.Bus.GoUp();
        var info = await rig.InfoAsync(it => it.CommandNonce != before.CommandNonce, "the new nonce");
        info.Inventory.PodmanVersion.ShouldBe("4.3.1-fake");
        runtime.Info.SetResult(new RuntimeInfo("5.0.0", "/"));
        await rig.InfoAsync(it => it.Inventory.PodmanVersion == "5.0.0", "what podman says");
    }

    [Fact]
    public async Task Report_WithoutManifest_NamesNone()
    {
        await using var rig = new AgentRig();
        await rig.StartAsync();
        var report = await rig.ReportsAsync(_ => true, "a report");
        report.ManifestGeneration.ShouldBeNull();
        report.ManifestDigest.ShouldBeNull();
        report.Deployments.ShouldBeEmpty();
    }
}
