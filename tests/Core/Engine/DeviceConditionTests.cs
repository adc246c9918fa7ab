using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What a Device says of its device, word by word: people read it, and their alerts match its reasons.</summary>
public sealed class DeviceConditionTests
{
    private static readonly DeviceId Pi = DeviceId.Parse("pi-1");
    private readonly EngineRig rig = new();
    private long sequence;

    [Fact]
    public void Reachable_OfOneThatWasNeverHeard_IsUnknown()
    {
        Begin();

        rig.StoredDevice.Status!.Conditions.ShouldHaveSingleItem().Type.ShouldBe(ConditionTypes.Reachable);
        Of(ConditionTypes.Reachable).ShouldBe((ConditionStatus.Unknown, "NeverSeen", "The device has not been heard of yet."));
    }

    [Fact]
    public void Reachable_FollowsTheHeartbeats()
    {
        Begin();
        After(rig.Beat("pi-1", 1));
        Of(ConditionTypes.Reachable).ShouldBe((ConditionStatus.True, "HeartbeatsArrive", string.Empty));

        rig.Step(TimeSpan.FromMinutes(2));
        rig.Settle();

        Of(ConditionTypes.Reachable).ShouldBe((ConditionStatus.False, "HeartbeatsMissed", "No heartbeat has arrived for three intervals."));
    }

    /// <summary>It was heard by the operator before, and not by this one: that it is silent is known only after a while.</summary>
    [Fact]
    public void Reachable_ForTheNextOperator_StaysUntilItHasBeenSilentForItToo()
    {
        Begin();
        After(rig.Beat("pi-1", 1));
        var next = new EngineRig();
        next.Begin([], [rig.StoredDevice]);
        next.Step(TimeSpan.FromSeconds(60));
        next.Settle();
        next.StoredDevice.ShouldBeNull("its resource says what is known");

        next.Step(TimeSpan.FromSeconds(60));
        next.Settle();

        var found = next.StoredDevice.Status!.Conditions.Of(ConditionTypes.Reachable)!;
        (found.Status, found.Reason, found.Message).ShouldBe((ConditionStatus.False, "HeartbeatsMissed", "No heartbeat has arrived for three intervals."));
    }

    [Theory]
    [InlineData(4, "is of boot 4")]
    [InlineData(0, "does not count the starts of its agent")]
    public void Reachable_WhereOldDocumentsArrive_SaysWhich(long boot, string words)
    {
        Begin();
        After(rig.Beat("pi-1", new DocumentOrder(5, 1)));
        for (var minute = 0; minute < 3; minute++)
        {
            rig.Step(TimeSpan.FromMinutes(1), rig.Beat("pi-1", boot == 0 ? default : new DocumentOrder(boot, 100)));
        }

        rig.Settle();

        Of(ConditionTypes.Reachable).ShouldBe((
            ConditionStatus.False,
            "DocumentsOutdated",
            $"What arrives {words}, and boot 5 is known: somebody puts old documents again, its agent is older than before, or its state was lost while its clock is behind. "
                + "It is heard again when its clock is right. To begin with it anew, delete the Device."));
    }

    [Fact]
    public void Invalid_NamesFiveErrors_IsToldOnce_AndTakenBack()
    {
        Begin();
        var wrong = Enumerable.Range(1, 6).Select(number => KeyValuePair.Create($"bad key {number}", "x"));
        After(new FleetEvent.DeviceSeen(Changed(2, wrong)));

        var (status, reason, message) = Of(ConditionTypes.Invalid);
        (status, reason).ShouldBe((ConditionStatus.True, "ValidationFailed"));
        var told = message.Split("; spec.labels: ");
        told.Length.ShouldBe(5);
        told[0].ShouldStartWith("spec.labels: ");
        told.Select((error, index) => error.Contains($"bad key {index + 1}", StringComparison.Ordinal)).ShouldAllBe(isIn => isIn);
        After(new FleetEvent.DeviceSeen(Changed(3, wrong)));
        rig.Notices.OfType<FleetNotice.DeviceInvalid>().ShouldHaveSingleItem().ShouldBe(new(Pi, message));

        After(new FleetEvent.DeviceSeen(Changed(4, [KeyValuePair.Create("group", "a")]) with { Status = rig.StoredDevice.Status }));
        Of(ConditionTypes.Invalid).ShouldBe((ConditionStatus.False, "Overcome", string.Empty));
    }

    [Fact]
    public void ManifestRefused_WhereTheDeviceHoldsWhatIsOutOfBounds_SaysSo_AndIsTakenBack()
    {
        Begin();
        After(Report(report => report with { ManifestGeneration = new Generation(9_000_000, 1), ManifestDigest = Digest.Of("x"u8) }));
        Of(ConditionTypes.ManifestRefused).ShouldBe((
            ConditionStatus.True, "OutOfBounds", "The device says that it holds generation 9000000.1, which is out of bounds for term 3: reset its state, or enrol it anew."));

        After(Report(report => report));

        Of(ConditionTypes.ManifestRefused).ShouldBe((ConditionStatus.False, "Overcome", string.Empty));
    }

    [Fact]
    public void ManifestRefused_SaysWhatTheDeviceSaid_AndIsTakenBack()
    {
        Begin();
        After(Report(report => report with { Refusal = new() { Reason = RefusalReason.TooNew, Message = "of a later version", At = rig.Now } }));
        Of(ConditionTypes.ManifestRefused).ShouldBe((ConditionStatus.True, "TooNew", "of a later version"));
        rig.Notices.ShouldContain(new FleetNotice.ManifestRefused(Pi, RefusalReason.TooNew, "of a later version"));

        After(Report(report => report));

        Of(ConditionTypes.ManifestRefused).ShouldBe((ConditionStatus.False, "Overcome", string.Empty));
        rig.Notices.OfType<FleetNotice.ManifestRefused>().Count().ShouldBe(1);
    }

    /// <summary>The oldest have their place, whatever their names.</summary>
    [Fact]
    public void TooManyDeployments_SaysHowMany_AndTheNewestHaveNoPlace()
    {
        var all = Enumerable.Range(1, 66).Select(number =>
        {
            var one = Deployment($"d-{number:00}");
            return one with { Metadata = one.Metadata with { CreationTimestamp = DateTimeOffset.UnixEpoch.AddHours(100 - number) } };
        }).ToArray();
        rig.Begin(all, [Device("pi-1")]);
        rig.Settle();

        Of(ConditionTypes.TooManyDeployments).ShouldBe((
            ConditionStatus.True, "NoPlace", "2 deployments match and have no place: a device may have 64; the oldest have theirs."));
        var manifest = System.Text.Encoding.UTF8.GetString(rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Step.Bytes);
        manifest.ShouldContain("uid-d-66");
        manifest.ShouldNotContain("uid-d-01");

        After(new FleetEvent.DeploymentSeen(Deleting(all[3])), new FleetEvent.DeploymentSeen(Deleting(all[4])));
        Of(ConditionTypes.TooManyDeployments).ShouldBe((ConditionStatus.False, "Overcome", string.Empty));
    }

    [Fact]
    public void DuplicateIdentity_IsWrittenAtOnce_AndTakenBackAfterSixQuietIntervals()
    {
        Begin();
        After(rig.Beat("pi-1", At(), "one"), rig.Beat("pi-1", At(), "two"), rig.Beat("pi-1", At(), "one"));
        Of(ConditionTypes.DuplicateIdentity).ShouldBe((
            ConditionStatus.True, "TwoInstances", "Two running agents present this identity, for example after a disk was copied: enrol one of them anew."));

        for (var second = 0; second < 180; second += 30)
        {
            rig.Step(TimeSpan.FromSeconds(30), rig.Beat("pi-1", At(), "one"));
            rig.Settle();
        }

        Of(ConditionTypes.DuplicateIdentity).Status.ShouldBe(ConditionStatus.True);
        rig.Step(TimeSpan.FromSeconds(1), rig.Beat("pi-1", At(), "one"));
        rig.Settle();
        Of(ConditionTypes.DuplicateIdentity).ShouldBe((ConditionStatus.False, "Overcome", string.Empty));
        rig.Notices.OfType<FleetNotice.IdentityDuplicated>().ShouldBe([new(Pi, IsDuplicate: true), new(Pi, IsDuplicate: false)]);
    }

    [Theory]
    [InlineData("PodmanUnavailable", "Podman does not answer: nothing is started or changed there.")]
    [InlineData("StateCorrupt", "The kept manifest was damaged: what stands stays as it is until the device has fetched it anew.")]
    [InlineData("StateNotWritable", "The device cannot write its state, so that it takes no new manifest: look at its disk.")]
    [InlineData("ScoresNotKept", "A score could not be kept on the device: its next start without a network would miss it. Look at its disk.")]
    [InlineData("Another2", "The device says Another2.")]
    public void Unhealthy_SaysWhatItsFlagMeans(string flag, string message)
    {
        Begin();
        After(Info(flag));

        Of(ConditionTypes.Unhealthy).ShouldBe((ConditionStatus.True, flag, message));
    }

    /// <summary>A device may say any text: what no agent says is passed on to nobody.</summary>
    [Fact]
    public void Unhealthy_PassesOnFiveFlags_AndNothingElse()
    {
        var (longest, tooLong) = (new string('a', 64), new string('b', 65));
        Begin();
        After(Info(null!, string.Empty, "a b", "\u00e9", "!x", "x!", tooLong, longest, "F2", "F3", "F4", "F5", "F6"));
        Of(ConditionTypes.Unhealthy).ShouldBe((
            ConditionStatus.True, longest, $"The device says {longest}. The device says F2. The device says F3. The device says F4. The device says F5."));

        After(Info(string.Empty, "a b", tooLong));
        Of(ConditionTypes.Unhealthy).ShouldBe((ConditionStatus.False, "Overcome", string.Empty));
    }

    /// <summary>After a start it is not known how well a device is, until it says so.</summary>
    [Fact]
    public void Unhealthy_ForTheNextOperator_StaysUntilTheDeviceSaysSomethingElse()
    {
        Begin();
        After(Info("StateCorrupt"), rig.Beat("pi-1", At()));
        var next = new EngineRig();
        next.Begin([], [rig.StoredDevice]);
        next.Step(next.Beat("pi-1", At()));
        next.Settle();
        var labelled = Changed(9, [KeyValuePair.Create("rack", "7")]);
        next.Step(new FleetEvent.DeviceSeen(labelled with { Status = rig.StoredDevice.Status }));
        next.Settle();
        var found = next.StoredDevice.Status!.Conditions.Of(ConditionTypes.Unhealthy)!;
        (found.Status, found.Reason).ShouldBe((ConditionStatus.True, "StateCorrupt"));
    }

    [Fact]
    public void LabelsRejected_SaysWhichAndWhy_AndIsTakenBack()
    {
        Begin();
        After(new FleetEvent.InfoHeard(Info().Info with { Labels = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("fleet.nationtech.io/role", "x")]) }, rig.Now));
        Of(ConditionTypes.LabelsRejected).ShouldBe((ConditionStatus.True, "LeftOut", "fleet.nationtech.io/role: only the control plane sets it"));

        After(Info());

        Of(ConditionTypes.LabelsRejected).ShouldBe((ConditionStatus.False, "Overcome", string.Empty));
    }

    private void Begin()
    {
        rig.Begin([], [Device("pi-1")]);
        rig.Settle();
    }

    private void After(params IReadOnlyList<FleetEvent> happened)
    {
        rig.Step(TimeSpan.FromSeconds(10), happened);
        rig.Settle();
    }

    private (ConditionStatus Status, string Reason, string Message) Of(string type) =>
        rig.StoredDevice.Status!.Conditions.Of(type) is { } found ? (found.Status, found.Reason, found.Message) : default;

    private static Device Changed(int generation, IEnumerable<KeyValuePair<string, string>> labels)
    {
        var device = Device("pi-1");
        return device with
        {
            Metadata = device.Metadata with { ResourceVersion = $"changed {generation}", Generation = generation },
            Spec = new() { Labels = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, labels) },
        };
    }

    private DocumentOrder At() => new(1, ++sequence);

    private FleetEvent.InfoHeard Info(params ImmutableArray<string> flags) => new(
        new DeviceInfo { Device = Pi, Instance = "run", Boot = 1, Sequence = ++sequence, CommandNonce = "nonce", At = rig.Now, HealthFlags = flags }, rig.Now);

    private FleetEvent.ReportHeard Report(Func<DeviceReport, DeviceReport> change) => new(
        change(new DeviceReport { Device = Pi, Instance = "run", Boot = 1, Sequence = ++sequence, At = rig.Now }), rig.Now);
}
