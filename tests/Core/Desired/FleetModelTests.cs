using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Desired;
using static Harmony.Fleet.Tests.Core.Desired.Samples;

namespace Harmony.Fleet.Tests.Core.Desired;

public sealed class FleetModelTests
{
    private readonly FleetModel model = new();

    [Fact]
    public void Upsert_DeploymentAndMatchingDevice_MarksItsManifestAlone()
    {
        model.Upsert(Device(1), Labels(("group", "a")));
        model.Upsert(Device(2), Labels(("group", "b")));
        model.TakeChange().Manifests.ShouldBe([Device(1), Device(2)], ignoreOrder: true);

        model.Upsert(Intent(1, Group("a")));

        var change = model.TakeChange();
        change.Manifests.ShouldBe([Device(1)]);
        change.Aggregates.ShouldBe([Key(1)]);
        model.EntriesOf(Device(1)).ShouldHaveSingleItem().Name.ShouldBe(Key(1).Name);
        model.EntriesOf(Device(2)).ShouldBeEmpty();
        model.AggregateOf(Key(1)).ShouldBe(new() { MatchedDeviceCount = 1, Unreachable = 1 });
        model.TakeChange().Manifests.ShouldBeEmpty();
    }

    [Fact]
    public void Upsert_SameAgain_MovesNothing()
    {
        model.Upsert(Device(1), Labels(("group", "a")));
        model.Upsert(Intent(1, Group("a")));
        model.TakeChange();

        model.Upsert(Device(1), Labels(("group", "a")));
        model.Upsert(Intent(1, Group("a")));
        model.SetReachable(Device(1), isReachable: false);

        var change = model.TakeChange();
        change.Manifests.ShouldBeEmpty();
        change.Aggregates.ShouldBeEmpty();
    }

    /// <summary>A change that has not reached all: each manifest names what its device is given, and what is parted was given that.</summary>
    [Fact]
    public void EntriesOf_WhileAChangeIsOnItsWay_NameTheVersionThatEachDeviceIsGiven()
    {
        foreach (var number in (int[])[1, 2, 3])
        {
            model.Upsert(Device(number), Labels(("group", "a")));
        }

        model.Upsert(Intent(1, Group("a")));
        model.TakeChange();

        model.Room = 1;
        model.Upsert(Intent(1, Group("a"), version: 2), isWhole: false);
        int[] given = [VersionOf(1), VersionOf(2), VersionOf(3)];
        given.Order().ShouldBe([1, 1, 2]);
        model.TakeChange().Releases.ShouldBeEmpty();
        var last = Array.IndexOf(given, 1) + 1;
        model.Upsert(Device(last), Labels(("group", "b")));
        model.TakeChange().Partings.ShouldHaveSingleItem().Entry.ScoreDigest.ShouldBe(DigestOf(1));
        model.Upsert(Device(last), Labels(("group", "a")));
        VersionOf(last).ShouldBe(2, "who comes now is given the newest");

        model.Room = 10;
        model.GoOn();
        ((int[])[VersionOf(1), VersionOf(2), VersionOf(3)]).ShouldAllBe(version => version == 2);
        model.TakeChange().Releases.ShouldBe([Key(1)]);
        model.Names(Key(1), Entry(1, 1).Address).ShouldBeFalse();
    }

    [Fact]
    public void Report_RunningWithTheNamedVersion_SucceedsOnlyWhereReachable()
    {
        model.Upsert(Device(1), Labels(("group", "a")));
        model.Upsert(Intent(1, Group("a"), version: 2));
        model.Report(Device(1), [Says(1, Phase.Running, version: 2)]);
        model.AggregateOf(Key(1)).ShouldBe(new() { MatchedDeviceCount = 1, Unreachable = 1 });

        model.SetReachable(Device(1), isReachable: true);
        model.AggregateOf(Key(1)).ShouldBe(new() { MatchedDeviceCount = 1, Succeeded = 1 });

        model.Upsert(Intent(1, Group("a"), version: 3));
        model.AggregateOf(Key(1)).ShouldBe(new() { MatchedDeviceCount = 1, Pending = 1 });

        model.Upsert(Intent(1, Group("a"), version: 2, uid: "made-anew"));
        model.AggregateOf(Key(1)).ShouldBe(new() { MatchedDeviceCount = 1, Pending = 1 });
    }

    [Theory]
    [InlineData(Phase.Unknown)]
    [InlineData(Phase.Pending)]
    [InlineData(Phase.Pulling)]
    [InlineData(Phase.Initializing)]
    [InlineData(Phase.Upgrading)]
    [InlineData(Phase.Removing)]
    public void Report_OtherPhase_IsPending(Phase phase)
    {
        Reachable(1);
        model.Upsert(Intent(1, Group("a")));
        model.Report(Device(1), [Says(1, phase)]);
        model.AggregateOf(Key(1)).Pending.ShouldBe(1);
    }

    /// <summary>Of what a report says twice the first counts, whether the deployment matches the device or not.</summary>
    [Fact]
    public void Report_ThatSaysSomethingTwice_CountsTheFirst()
    {
        Reachable(1);
        model.Upsert(Intent(1, Group("a")));
        VisitedBy(() => model.Report(Device(1), [Says(1, Phase.Running), Says(1, Phase.Failed), Says(9, Phase.Running), Says(9, Phase.Failed)])).ShouldBe(2);

        model.AggregateOf(Key(1)).ShouldBe(new() { MatchedDeviceCount = 1, Succeeded = 1 });
        model.Upsert(Intent(9, Group("a")));
        model.AggregateOf(Key(9)).ShouldBe(new() { MatchedDeviceCount = 1, Succeeded = 1 });
    }

    [Fact]
    public void Report_Errors_NewestOfTheCurrentVersionIsTold()
    {
        Reachable(1);
        Reachable(2);
        model.Upsert(Intent(1, Group("a")));
        model.Report(Device(1), [Says(1, Phase.Failed, error: Error(1, "old", 1))]);
        model.Report(Device(2), [Says(1, Phase.Failed, error: Error(2, "new", 2))]);
        model.AggregateOf(Key(1)).LastError!.Message.ShouldBe("new");
        model.AggregateOf(Key(1)).Failed.ShouldBe(2);

        model.Report(Device(2), [Says(1, Phase.Running)]);
        model.AggregateOf(Key(1)).LastError!.Message.ShouldBe("old");

        model.Upsert(Intent(1, Group("a"), version: 2));
        model.AggregateOf(Key(1)).LastError.ShouldBeNull();
    }

    [Fact]
    public void EntriesOf_MoreThanOneDeviceMayHave_OldestHaveTheirPlace()
    {
        Reachable(1);
        for (var number = 0; number < 66; number++)
        {
            // The larger the number, the older.
            model.Upsert(Intent(number, Group("a"), age: -number));
        }

        model.EntriesOf(Device(1)).Length.ShouldBe(64);
        model.OverflowOf(Device(1)).ShouldBe([Key(1), Key(0)]);
        model.TakeChange().Overflows.ShouldContain(Device(1));
        model.Report(Device(1), [Says(0, Phase.Running)]);
        model.AggregateOf(Key(0)).ShouldBe(new() { MatchedDeviceCount = 1, Pending = 1 });

        model.Remove(Key(65));
        model.Remove(Key(64));

        model.OverflowOf(Device(1)).ShouldBeEmpty();
        model.AggregateOf(Key(0)).Succeeded.ShouldBe(1);
        model.TakeChange().Manifests.ShouldBe([Device(1)]);
    }

    [Fact]
    public void EntriesOf_Any_AreInOrderOfTheirNames()
    {
        Reachable(1);
        foreach (var number in new[] { 3, 1, 2 })
        {
            model.Upsert(Intent(number, Group("a"), age: number % 2));
        }

        model.EntriesOf(Device(1)).Select(entry => entry.Name.Value).ShouldBe(["app-1", "app-2", "app-3"]);
    }

    [Fact]
    public void Deployment_OnAFewOfManyDevices_VisitsOnlyThose()
    {
        for (var number = 0; number < 5000; number++)
        {
            model.Upsert(Device(number), Labels(("group", $"g{number / 5}"), ("serial", $"s{number}"), ("arch", "arm64")));
        }

        // Five devices: each is tried, and counted.
        VisitedBy(() => model.Upsert(Intent(1, Text("arch=arm64,group=g7")))).ShouldBe(10);
        VisitedBy(() => model.Upsert(Intent(1, Text("arch=arm64,group=g7"), version: 2))).ShouldBe(5);
        VisitedBy(() => model.Upsert(Intent(1, Text("arch=arm64,group=g8"), version: 2))).ShouldBe(15, "the five old ones, and the five new ones as above");
        VisitedBy(() => model.Remove(Key(1))).ShouldBe(5);
        VisitedBy(() => model.Upsert(Intent(2, Text("group=nowhere,arch")))).ShouldBe(0);
    }

    [Fact]
    public void Device_AmongManyDeployments_VisitsOnlyItsOwn()
    {
        for (var number = 0; number < 5000; number++)
        {
            model.Upsert(Intent(number, Text($"fleet=all,group=g{number}")));
        }

        // Its own is tried, and counted; and the very first one, of which nothing told yet which of its labels is the rare one, is tried too.
        VisitedBy(() => model.Upsert(Device(1), Labels(("group", "g7"), ("fleet", "all"), ("serial", "s")))).ShouldBe(3);
        VisitedBy(() => model.Upsert(Device(1), Labels(("group", "g8"), ("fleet", "all"), ("serial", "s")))).ShouldBe(4, "the one that it loses, and those as above");
        VisitedBy(() => model.Report(Device(1), [Says(8, Phase.Running), Says(9, Phase.Running)])).ShouldBe(2);
        VisitedBy(() => model.SetReachable(Device(1), isReachable: true)).ShouldBe(1);
        VisitedBy(() => model.Remove(Device(1))).ShouldBe(1);
    }

    /// <summary>What demands no label has to be tried on every device: that is its price.</summary>
    [Theory]
    [InlineData("group!=g1", 1)]
    [InlineData("!group", 1)]
    [InlineData("", 1)]
    [InlineData("group", 0)]
    [InlineData("group=g1", 0)]
    public void Device_WithoutALabel_MeetsOnlyDeploymentsThatDemandNone(string selector, int tried)
    {
        model.Upsert(Intent(1, Text(selector)));

        model.Upsert(Device(1), Labels(("serial", "s")));

        model.Visited.ShouldBe(2 * tried);
    }

    /// <summary>A version that comes again counts at once where the device still runs it; one that the device spoke of before anybody knew it, too.</summary>
    [Fact]
    public void Upsert_AVersionThatTheDeviceSpokeOf_Counts()
    {
        Reachable(1);
        Reachable(2);
        model.Report(Device(1), [Says(1, Phase.Running, version: 7)]);
        model.Upsert(Intent(1, Group("a"), version: 1));
        model.Report(Device(2), [Says(1, Phase.Running, version: 1)]);
        model.AggregateOf(Key(1)).Succeeded.ShouldBe(1);

        model.Upsert(Intent(1, Group("a"), version: 7));
        model.AggregateOf(Key(1)).ShouldBe(new() { MatchedDeviceCount = 2, Succeeded = 1, Pending = 1 });
        model.Upsert(Intent(1, Group("a"), version: 1));
        model.AggregateOf(Key(1)).ShouldBe(new() { MatchedDeviceCount = 2, Succeeded = 1, Pending = 1 });

        model.Remove(Key(1));
        model.Upsert(Intent(1, Group("a"), version: 1));
        model.AggregateOf(Key(1)).Succeeded.ShouldBe(1);
    }

    private long VisitedBy(Action change)
    {
        var before = model.Visited;
        change();
        return model.Visited - before;
    }

    private void Reachable(int number)
    {
        model.Upsert(Device(number), Labels(("group", "a")));
        model.SetReachable(Device(number), isReachable: true);
    }

    private int VersionOf(int device) => model.EntriesOf(Device(device)).ShouldHaveSingleItem().ScoreDigest == DigestOf(1) ? 1 : 2;
}
