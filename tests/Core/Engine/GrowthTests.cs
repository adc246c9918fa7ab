using System.Reflection;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Trust;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What waits for one device, or one bucket, holds little of all that happens meanwhile.</summary>
public sealed class GrowthTests
{
    /// <summary>The oldest device waits, and others come and go behind it.</summary>
    [Fact]
    public void WhileOneDeviceWaits_NothingGrows()
    {
        var state = new FleetState(Options, MasterKey.Parse(Convert.ToBase64String(new byte[32])), new Random(1));
        var leaving = new LeavingDeployments(state);
        var (first, other) = (state.Devices.Make(DeviceId.Parse("pi-01")), state.Devices.Make(DeviceId.Parse("pi-02")));
        leaving.Unsettle(first.Id, first);
        for (var turn = 0; turn < 1000; turn++)
        {
            leaving.Unsettle(other.Id, other);
            leaving.Settle(other);
            leaving.Tell();
        }

        CountOf(leaving, "unsettled").ShouldBeLessThan(100);
        state.Unsettled.ShouldBe(1);
        leaving.Settle(first);
        leaving.Tell();
        CountOf(leaving, "unsettled").ShouldBe(0);
    }

    /// <summary>JetStream refuses the first manifest of a device, whose Deployment changes each time.</summary>
    [Fact]
    public void WhileTheBusTakesNoManifest_NothingGrows()
    {
        var rig = new EngineRig();
        rig.Begin([Deployment("web")], [Device("pi-01")]);
        for (var turn = 2; turn <= 200; turn++)
        {
            var put = rig.Open.OfType<FleetEffect.PutScore>().ToArray();
            rig.Open.RemoveAll(effect => effect is FleetEffect.PutScore);
            rig.Step([.. put.Select(score => new FleetEvent.Finished(score, new EffectResult.Done()))]);
            var first = rig.Open.OfType<FleetEffect.PutManifest>().ToArray();
            rig.Open.RemoveAll(effect => effect is FleetEffect.PutManifest);
            rig.Step([.. first.Select(manifest => new FleetEvent.Finished(manifest, new EffectResult.Failed())), new FleetEvent.DeploymentSeen(Deployment("web", image: $"localhost/hello:{turn}", generation: turn))]);
            rig.Step(TimeSpan.FromSeconds(9));
        }

        var engine = typeof(EngineRig).GetField("engine", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(rig)!;
        var manifests = typeof(FleetEngine).GetField("manifests", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(engine)!;
        ((Dictionary<DeviceId, List<Digest>>)FieldOf(manifests, "firsts")).Values.ShouldHaveSingleItem().Count.ShouldBeInRange(1, 16);
    }

    private static int CountOf(object owner, string field) => ((System.Collections.ICollection)FieldOf(owner, field)).Count;

    private static object FieldOf(object owner, string field) => owner.GetType().GetField(field, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(owner)!;
}
