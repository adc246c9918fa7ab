using Harmony.Fleet.Agent.Manifests;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Agent.Manifests;

public sealed class ManifestListenerTests
{
    [Fact]
    public async Task Listener_OfWhichAPartDies_DiesAsAWhole()
    {
        await using var rig = new AgentRig { WrapState = state => new BuggyState(state) };
        await rig.StartAsync();
        await rig.InfoAsync(_ => true, "it is up");
        var listening = rig.Loop<ManifestListener>().ExecuteTask!;
        await rig.Operator.WantAsync(("web", ControlPlane.Score(ControlPlane.Container())));
        await Eventually.HoldsAsync(() => listening.IsCompleted, "it ends, and the agent with it", TimeSpan.FromSeconds(30));
        listening.Exception!.InnerException.ShouldBeOfType<InvalidOperationException>();
    }
}
