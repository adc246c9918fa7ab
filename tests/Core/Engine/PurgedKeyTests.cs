using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>The delete marker of a manifest's key is removed after a while, and no watch tells of it: a write over its revision meets a conflict.</summary>
public sealed class PurgedKeyTests
{
    private const ulong Marker = 1007;

    private static readonly DeviceId Pi = DeviceId.Parse("pi-1");
    private readonly EngineRig rig = new();

    public PurgedKeyTests()
    {
        rig.Begin([], [Device("pi-1")]);
        rig.Settle();
        rig.Step(new FleetEvent.ManifestSeen(Pi, new StoredManifest(Marker, null, null), []));
        rig.Open.OfType<FleetEffect.PutManifest>().Single().Step.Revision.ShouldBe(Marker);
    }

    [Fact]
    public void Conflict_ThatTellsThatNothingIsThere_IsFollowedByAWriteOverNothing()
    {
        Answer(StoredManifest.None);

        rig.Open.OfType<FleetEffect.PutManifest>().Single().Step.Revision.ShouldBe(0UL);
        rig.Settle();
        rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Step.Revision.ShouldBe(0UL);
    }

    /// <summary>What the watch has shown since is newer than the answer.</summary>
    [Fact]
    public void Conflict_ThatComesLate_ChangesNothing()
    {
        rig.Step(new FleetEvent.ManifestSeen(Pi, new StoredManifest(Marker + 1, null, null), []));

        Answer(StoredManifest.None);

        rig.Open.OfType<FleetEffect.PutManifest>().Single().Step.Revision.ShouldBe(Marker + 1);
    }

    private void Answer(StoredManifest known)
    {
        rig.Answer<FleetEffect.PutManifest>(_ => new EffectResult.ManifestPut(known, IsWritten: false, []));
        rig.Step(TimeSpan.FromSeconds(9));
    }
}
