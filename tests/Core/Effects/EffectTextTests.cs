using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Effects;

namespace Harmony.Fleet.Tests.Core.Effects;

/// <summary>Each effect is one line that people read in a log or compare in a plan; nothing in it is secret.</summary>
public sealed class EffectTextTests
{
    private static readonly DeviceId Device = DeviceId.Parse("pi-1");
    private static readonly DeploymentKey Web = new(NamespaceName.Parse("default"), DeploymentName.Parse("web"));
    private static readonly Digest Address = Digest.Of("score"u8);
    private static readonly ImmutableArray<Condition> Conditions = [new() { Type = "Ready", Status = ConditionStatus.True, Reason = "Heard" }, null!, new() { Type = "Odd", Status = ConditionStatus.False, Reason = "No" }];

    private static readonly Device SomeDevice = new()
    {
        Metadata = new() { Name = "pi-1", Labels = ImmutableSortedDictionary<string, string>.Empty.Add("a", "1").Add("b", "2"), Finalizers = ["x", "y"] },
        Status = new() { Conditions = Conditions },
    };

    private static readonly Deployment SomeDeployment = new()
    {
        Metadata = new() { Name = "web", Finalizers = ["x", "y"] },
        Status = new() { Aggregate = new() { MatchedDeviceCount = 10, Succeeded = 1, Failed = 2, Pending = 3, Unreachable = 4 }, Conditions = Conditions },
    };

    public static TheoryData<FleetEffect, EffectTarget, string> Effects => new()
    {
        { new FleetEffect.EnsureBuckets(3), EffectTarget.Bus, "ensure buckets (connection 3)" },
        { new FleetEffect.WatchBuckets(), EffectTarget.Process, "watch buckets" },
        { new FleetEffect.ReadBuckets(["desired-state", "scores"]), EffectTarget.Process, "read again all of desired-state, scores" },
        { new FleetEffect.PutScore(Address, new byte[5]), EffectTarget.Bus, $"put score {Address.Short} (5 bytes)" },
        { new FleetEffect.ListScores(), EffectTarget.Bus, "list scores" },
        { new FleetEffect.DeleteScore(Address), EffectTarget.Bus, $"delete score {Address.Short}" },
        { new FleetEffect.DeleteKeys(Device), EffectTarget.Bus, "delete keys of pi-1" },
        { new FleetEffect.ReadDevice(Device), EffectTarget.Store, "read device pi-1" },
        { new FleetEffect.CreateDevice(Device, SomeDevice), EffectTarget.Store, "create device pi-1 (2 labels)" },
        { new FleetEffect.UpdateDevice(Device, SomeDevice), EffectTarget.Store, "update device pi-1: a=1, b=2" },
        { new FleetEffect.PatchDeviceStatus(Device, SomeDevice), EffectTarget.Store, "patch status of device pi-1: Ready=True (Heard), Odd=False (No)" },
        { new FleetEffect.PatchDeviceStatus(Device, SomeDevice with { Status = null }), EffectTarget.Store, "patch status of device pi-1: " },
        { new FleetEffect.PatchDeviceFinalizers(Device, SomeDevice), EffectTarget.Store, "patch finalizers of device pi-1: [x, y]" },
        { new FleetEffect.PatchFinalizers(Web, SomeDeployment), EffectTarget.Store, "patch finalizers of deployment default/web: [x, y]" },
        {
            new FleetEffect.PatchDeploymentStatus(Web, SomeDeployment), EffectTarget.Store,
            "patch status of deployment default/web: 10 matched, 1 succeeded, 2 failed, 3 pending, 4 unreachable; Ready=True (Heard), Odd=False (No)"
        },
        { new FleetEffect.PatchDeploymentStatus(Web, SomeDeployment with { Status = null }), EffectTarget.Store, "patch status of deployment default/web: no counts; " },
        { new FleetEffect.FindRemoved(Web, ["u1", "u2"]), EffectTarget.Store, "find removed deployment default/web: u1, u2" },
        { new FleetEffect.KeepContact(Device, "s3cret"), EffectTarget.Process, "keep contact of pi-1" },
        { new FleetEffect.ForgetContact(Device), EffectTarget.Process, "forget contact of pi-1" },
        { new FleetEffect.ReadAgain(Device), EffectTarget.Process, "read again what pi-1 says" },
    };

    [Theory]
    [MemberData(nameof(Effects))]
    public void Effect_OfEachSort_IsOneLine_AndKnowsWhereItIsCarriedOut(FleetEffect effect, EffectTarget target, string text)
    {
        effect.ToString().ShouldBe(text);
        effect.Target.ShouldBe(target);
    }
}
