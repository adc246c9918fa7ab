using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>When a Device is written, when not, and what of it stays.</summary>
public sealed class DeviceStoreTests
{
    private static readonly DeviceId Pi = DeviceId.Parse("pi-1");
    private readonly EngineRig rig = new();
    private long sequence;

    [Fact]
    public void RefusedWrite_IsTold_AndNotTriedAgain()
    {
        rig.Begin([], [Device("pi-1")]);
        rig.Answer<FleetEffect.UpdateDevice>(_ => new EffectResult.Refused("no room"));

        rig.Notices.OfType<FleetNotice.WriteRefused>().ShouldBe([new("Device pi-1", "no room")]);
        rig.Step(TimeSpan.FromMinutes(1));
        rig.Open.OfType<FleetEffect.UpdateDevice>().ShouldBeEmpty();
    }

    /// <summary>It may have been written by somebody else: it is read before it is written again.</summary>
    [Fact]
    public void FailedWrite_IsTriedAgain_UponWhatTheStoreHas()
    {
        rig.Begin([], [Device("pi-1")]);
        rig.Answer<FleetEffect.UpdateDevice>(_ => new EffectResult.Failed()).ShouldBeEmpty("it waits first");

        rig.Step(Options.BackOff.Base).ShouldBe(["read device pi-1", "update device pi-1: device-id=pi-1, group=a"]);
        rig.Settle();
        rig.Step(TimeSpan.FromMinutes(1)).ShouldNotContain(effect => effect.Contains("device pi-1", StringComparison.Ordinal));
    }

    /// <summary>What the device is made of was said to the operator before: a change of its labels does not take that away.</summary>
    [Fact]
    public void Labels_ThatAnAdministratorChanges_LeaveTheInventory()
    {
        var device = Device("pi-1");
        rig.Begin([], [device with { Spec = device.Spec with { Inventory = new() { Model = "a board" } } }]);

        rig.Settle();

        rig.StoredDevice.Metadata.Labels["group"].ShouldBe("a");
        rig.StoredDevice.Spec.Inventory!.Model.ShouldBe("a board");
    }

    /// <summary>While it is heard the time is not written: it would be another one each time.</summary>
    [Fact]
    public void LastSeen_IsWritten_WhenItIsHeardNoMore()
    {
        Begin();
        var heard = rig.Now;
        rig.Step(Beat());
        rig.Settle();
        rig.StoredDevice.Status!.LastSeen.ShouldBeNull();

        rig.Step(TimeSpan.FromMinutes(5));
        rig.Settle();
        rig.StoredDevice.Status!.LastSeen.ShouldBe(heard);

        rig.Step(Beat());
        rig.Settle();
        rig.StoredDevice.Status!.LastSeen.ShouldBeNull();
    }

    /// <summary>The next operator knows of no later time than the store does, and of later ones as they are read.</summary>
    [Fact]
    public void LastSeen_IsTheLatestThatAnybodyKnows()
    {
        var stored = rig.Now.AddHours(-5);
        BeginUnread(Device("pi-1") with { Status = new() { LastSeen = stored } });
        rig.Settle();
        rig.StoredDevice.Status!.LastSeen.ShouldBe(stored);

        Hear(stored.AddHours(-1));
        rig.StoredDevice.Status!.LastSeen.ShouldBe(stored, "what is read is older");
        Hear(stored.AddHours(1));
        rig.StoredDevice.Status!.LastSeen.ShouldBe(stored.AddHours(1));
        Hear(stored.AddMinutes(90));
        rig.StoredDevice.Status!.LastSeen.ShouldBe(stored.AddMinutes(90));
        Hear(stored.AddMinutes(30));
        rig.StoredDevice.Status!.LastSeen.ShouldBe(stored.AddMinutes(90));
    }

    /// <summary>The buckets are read one after the other: what is read later may be older.</summary>
    [Fact]
    public void LastSeen_IsTheLatestOfWhatIsRead_InWhateverOrder()
    {
        var (early, late) = (rig.Now.AddHours(-5), rig.Now.AddHours(-4));
        BeginUnread(Device("pi-1"));

        rig.Step([.. ((DateTimeOffset[])[late, early]).Select(at => new FleetEvent.HeartbeatHeard(new Heartbeat { Device = Pi, Instance = "run", Boot = 1, Sequence = ++sequence, At = at }, at))]);
        rig.Settle();

        rig.StoredDevice.Status!.LastSeen.ShouldBe(late);
    }

    [Fact]
    public void LastSeen_OfOneThatTheStoreKnowsNothingOf_IsWritten()
    {
        var said = rig.Now.AddHours(-5).AddMilliseconds(7);
        BeginUnread(Device("pi-1"));
        rig.Settle();
        rig.StoredDevice.Status!.LastSeen.ShouldBeNull();

        Hear(said.AddTicks(1234));

        rig.StoredDevice.Status!.LastSeen.ShouldBe(said, "to the millisecond");
        rig.StoredDevice.Status!.Conditions.Of(ConditionTypes.Reachable)!.Status.ShouldBe(ConditionStatus.Unknown);
    }

    /// <summary>A server whose clock is ahead says nothing of the future.</summary>
    [Fact]
    public void LastSeen_IsNeverLaterThanNow()
    {
        BeginUnread(Device("pi-1"));
        var heard = rig.Now;
        rig.Step(new FleetEvent.HeartbeatHeard(new Heartbeat { Device = Pi, Instance = "run", Boot = 1, Sequence = ++sequence, At = rig.Now }, rig.Now.AddDays(1)));
        rig.Step([.. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        rig.Settle();

        rig.Step(TimeSpan.FromMinutes(5));
        rig.Settle();

        rig.StoredDevice.Status!.LastSeen.ShouldBe(heard);
    }

    /// <summary>What has lain there for longer than three intervals is no sign of life.</summary>
    [Theory]
    [InlineData(90, true)]
    [InlineData(91, false)]
    public void SignOfLife_ThatWasReadAfterAStart_CountsForThreeIntervals(int seconds, bool isReachable)
    {
        BeginUnread(Device("pi-1"));

        rig.Step(new FleetEvent.HeartbeatHeard(new Heartbeat { Device = Pi, Instance = "run", Boot = 1, Sequence = ++sequence, At = rig.Now }, rig.Now.AddSeconds(-seconds)));

        rig.Notices.OfType<FleetNotice.DeviceTurned>().Count().ShouldBe(isReachable ? 1 : 0);
    }

    /// <summary>The store need not know at once how far a device was heard: it does after half the interval at the earliest, and after all of it.</summary>
    [Fact]
    public void Progress_IsWritten_BetweenHalfItsIntervalAndAllOfIt()
    {
        var interval = Options.ProgressInterval;
        for (var seed = 0; seed < 10; seed++)
        {
            var other = new EngineRig(random: new Random(seed));
            other.Begin([], [Device("pi-1")]);
            other.Step(other.Beat("pi-1", new DocumentOrder(1, 1)));
            other.Settle();
            other.Step(other.Report("pi-1", new(1, 2)));
            var (said, at) = (other.Now, default(DateTimeOffset?));
            for (var beat = 3; at is null && other.Now - said < 2 * interval; beat++)
            {
                other.Step(TimeSpan.FromSeconds(10), other.Beat("pi-1", new DocumentOrder(1, beat)));
                at = other.Open.OfType<FleetEffect.PatchDeviceStatus>().Any() ? other.Now : null;
                other.Settle();
            }

            (at - said)!.Value.ShouldBeInRange(interval / 2, interval + TimeSpan.FromSeconds(10));
            other.StoredDevice.Status!.Taken!.Report.ShouldBe(2);
        }
    }

    [Fact]
    public void Progress_ThatIsStored_IsWrittenNoMore()
    {
        Begin();
        rig.Step(rig.Report("pi-1", new(1, ++sequence)));
        Talk(TimeSpan.FromMinutes(11)).ShouldBe(1);

        Talk(TimeSpan.FromMinutes(30)).ShouldBe(0);
    }

    /// <summary>What it said while its progress was being written has its own time: not at once.</summary>
    [Fact]
    public void Progress_SaidWhileItIsWritten_IsWrittenAnIntervalLater()
    {
        Begin();
        rig.Step(rig.Report("pi-1", new(1, ++sequence)));
        while (!rig.Open.OfType<FleetEffect.PatchDeviceStatus>().Any())
        {
            rig.Settle();
            rig.Step(TimeSpan.FromSeconds(10), Beat());
        }

        rig.Step(rig.Report("pi-1", new(1, ++sequence)));
        rig.Settle();

        Talk(Options.ProgressInterval - TimeSpan.FromSeconds(10)).ShouldBe(0);
        Talk(TimeSpan.FromSeconds(20)).ShouldBe(1);
    }

    /// <summary>A device that changes all the time is written as often as it may, and no write is asked for in between.</summary>
    [Fact]
    public void DeviceThatMayNotBeWritten_IsNotAskedForEither()
    {
        rig.Begin([], [Device("pi-1") with { Spec = new() }]);
        rig.Settle();
        var reads = 0;
        for (var number = 0; number < 200; number++)
        {
            reads += rig.Step(TimeSpan.FromMilliseconds(10), rig.Info("pi-1", new(1, ++sequence), $"g-{number}")).Count(effect => effect == "read device pi-1");
            rig.Settle();
        }

        reads.ShouldBeLessThan(20);
        rig.Step(TimeSpan.FromSeconds(7));
        rig.Settle();
        rig.StoredDevice.Metadata.Labels["group"].ShouldBe("g-199");
    }

    /// <summary>An answer over which the engine fails is no end: what was written is looked at again, and the status says so until it went well.</summary>
    [Fact]
    public void Answer_OverWhichTheEngineFails_IsSaidInTheStatus_AndTakenBack()
    {
        rig.Begin([], [Device("pi-1") with { Spec = new() }]);
        rig.Answer<FleetEffect.UpdateDevice>(update => new EffectResult.DeviceStored(update.Resource with { Metadata = update.Resource.Metadata with { ResourceVersion = "2" } }));
        rig.Answer<FleetEffect.PatchDeviceStatus>(_ => new EffectResult.DeviceStored(null!)).ShouldBeEmpty("it waits first");
        rig.Notices.OfType<FleetNotice.Poisoned>().ShouldHaveSingleItem().Subject.ShouldBe("pi-1");

        rig.Step(Options.BackOff.Base);
        var said = rig.Open.OfType<FleetEffect.PatchDeviceStatus>().ShouldHaveSingleItem().Resource.Status!.Conditions.Of(ConditionTypes.ReconcileFailed)!;
        (said.Status, said.Reason).ShouldBe((ConditionStatus.True, "InternalError"));
        said.Message.ShouldContain("(finish: NullReferenceException: ");

        rig.Settle();
        rig.StoredDevice.Status!.Conditions.Of(ConditionTypes.ReconcileFailed)!.Status.ShouldBe(ConditionStatus.False);
    }

    /// <summary>The answer to the operator's own write comes after the watch has told what somebody wrote since: that is put right, and not taken for what stood before.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnswerThatComesAfterANewerVersion_TakesNothingBack(bool isAnswerLast)
    {
        rig.Begin([], [Device("pi-1")]);
        var update = rig.Open.OfType<FleetEffect.UpdateDevice>().ShouldHaveSingleItem();
        rig.Open.Remove(update);
        var eleven = update.Resource with { Metadata = update.Resource.Metadata with { ResourceVersion = "11" } };
        var twelve = eleven with { Metadata = eleven.Metadata with { ResourceVersion = "12", Labels = eleven.Metadata.Labels.SetItem("group", "by hand") } };

        FleetEvent seen = new FleetEvent.DeviceSeen(twelve), answer = new FleetEvent.Finished(update, new EffectResult.DeviceStored(eleven));
        rig.Step(isAnswerLast ? [seen, answer] : [answer, seen]);
        rig.Step(TimeSpan.FromMinutes(1));

        rig.Open.OfType<FleetEffect.UpdateDevice>().ShouldHaveSingleItem().Resource.Metadata.ShouldSatisfyAllConditions(
            metadata => metadata.ResourceVersion.ShouldBe("12"),
            metadata => metadata.Labels["group"].ShouldBe("a"));
    }

    private void Begin()
    {
        rig.Begin([], [Device("pi-1")]);
        rig.Step(Beat());
        rig.Settle();
    }

    /// <summary>Up to where the buckets are being read: what is in them may be old.</summary>
    private void BeginUnread(Device device) =>
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed(ImmutableArray<Deployment>.Empty), .. Listed([device])]);

    /// <summary>A sign of life that was stored then.</summary>
    private void Hear(DateTimeOffset stored)
    {
        rig.Step(TimeSpan.FromSeconds(10), new FleetEvent.HeartbeatHeard(new Heartbeat { Device = Pi, Instance = "run", Boot = 1, Sequence = ++sequence, At = stored }, stored));
        rig.Settle();
    }

    /// <summary>It gives signs of life for so long.</summary>
    /// <returns>How often its status was written.</returns>
    private int Talk(TimeSpan time)
    {
        var writes = 0;
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(10))
        {
            rig.Step(TimeSpan.FromSeconds(10), Beat());
            writes += rig.Open.OfType<FleetEffect.PatchDeviceStatus>().Count();
            rig.Settle();
        }

        return writes;
    }

    private FleetEvent Beat() => rig.Beat("pi-1", new DocumentOrder(1, ++sequence));
}
