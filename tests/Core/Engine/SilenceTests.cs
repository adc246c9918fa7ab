using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>When a device counts as silent, who is told, and when silence says nothing.</summary>
public sealed class SilenceTests
{
    private static readonly TimeSpan Limit = Options.Reachability.Limit;
    private readonly EngineRig rig = new();
    private long sequence;

    /// <summary>Each is told of a moment after its time, however the times lie.</summary>
    [Fact]
    public void Silence_IsToldWithinAMomentOfItsLimit()
    {
        Begin(5);
        var heard = new Dictionary<DeviceId, DateTimeOffset>();
        var told = new Dictionary<DeviceId, DateTimeOffset>();
        for (var second = 0; second < 200; second++)
        {
            Wake(TimeSpan.FromSeconds(1), second < 35 && second % 7 == 0 ? [Beat($"pi-{(second / 7) + 1}", heard)] : []);
            foreach (var turned in Turned(isReachable: false).Where(device => !told.ContainsKey(device)))
            {
                told[turned] = rig.Now;
            }
        }

        told.Count.ShouldBe(5);
        told.ShouldAllBe(one => one.Value - heard[one.Key] > Limit && one.Value - heard[one.Key] <= Limit + TimeSpan.FromSeconds(2));
    }

    /// <summary>Its Deployment counts it among those that are not reachable.</summary>
    [Fact]
    public void Silence_IsCounted()
    {
        Begin(2, Deployment("web"));
        rig.Step(Beat("pi-1"), Beat("pi-2"));
        Flush();
        rig.Stored.Status!.Aggregate.Unreachable.ShouldBe(0);

        Pass(TimeSpan.FromMinutes(2), "pi-2");
        rig.Settle();

        (rig.Stored.Status!.Aggregate.Unreachable, rig.Stored.Status!.Aggregate.Pending).ShouldBe((1, 1));
        rig.Step(Beat("pi-1"));
        Flush();
        rig.Stored.Status!.Aggregate.Unreachable.ShouldBe(0);
    }

    [Theory]
    [InlineData(30, false)]
    [InlineData(31, true)]
    public void Pause_IsToldFromAnIntervalOn(int seconds, bool isTold)
    {
        Begin(1);

        rig.Wake(TimeSpan.FromSeconds(seconds), []);

        rig.Notices.OfType<FleetNotice.Woke>().ShouldBe(isTold ? [new(TimeSpan.FromSeconds(seconds))] : []);
    }

    /// <summary>Twenty at once are rather the network than the devices: nobody is told so of each before it has lasted.</summary>
    [Fact]
    public void Silence_OfManyAtOnce_IsHeld_AndThatIsToldOnce()
    {
        Begin(20);
        rig.Step([.. Enumerable.Range(1, 20).Select(number => Beat($"pi-{number}"))]);

        rig.Step(TimeSpan.FromMinutes(3));
        Turned(isReachable: false).ShouldBeEmpty();
        rig.Notices.OfType<FleetNotice.SilenceHeld>().ShouldBe([new(true)]);

        rig.Step([.. Enumerable.Range(1, 20).Select(number => Beat($"pi-{number}"))]);
        rig.Step(TimeSpan.FromSeconds(10));
        rig.Notices.OfType<FleetNotice.SilenceHeld>().ShouldBe([new(true), new(false)]);
        Turned(isReachable: false).ShouldBeEmpty();
    }

    /// <summary>While the link is down nobody can be heard.</summary>
    [Fact]
    public void Silence_WithoutALink_SaysNothing_AndCountsAnewWithTheNext()
    {
        Begin(1);
        rig.Step(Beat("pi-1"));
        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1));
        rig.Step(TimeSpan.FromMinutes(5));
        Turned(isReachable: false).ShouldBeEmpty();

        rig.Step(new FleetEvent.LinkChanged(IsUp: true, 2));
        rig.Step(Limit);
        Turned(isReachable: false).ShouldBeEmpty();
        rig.Step(TimeSpan.FromSeconds(2));
        Turned(isReachable: false).ShouldBe([DeviceId.Parse("pi-1")]);
    }

    /// <summary>The watch of heartbeats has not caught up: what was said meanwhile is not known yet.</summary>
    [Fact]
    public void Silence_OverANewLink_SaysNothing_UntilTheHeartbeatsWereRead()
    {
        Begin(1);
        rig.Step(Beat("pi-1"));
        rig.Step(new FleetEvent.WatchRestarted(WatchedBucket.DeviceHeartbeat, "lost"), new FleetEvent.LinkChanged(IsUp: false, 1), new FleetEvent.LinkChanged(IsUp: true, 2));

        rig.Step(TimeSpan.FromMinutes(5));

        Turned(isReachable: false).ShouldBeEmpty();
    }

    /// <summary>The store was away when a device fell silent, and is back while the link is down: what the device said meanwhile is heard first.</summary>
    [Theory]
    [InlineData(true, ConditionStatus.True)]
    [InlineData(false, ConditionStatus.False)]
    public void Silence_ThatTheStoreWasNotToldOf_IsToldWhenTheOperatorHearsAgain(bool speaks, ConditionStatus told)
    {
        Begin(1);
        rig.Step(Beat("pi-1"));
        Flush();
        ReachableOf("pi-1").ShouldBe(ConditionStatus.True);
        rig.Step(TimeSpan.FromMinutes(2));
        rig.Answer<FleetEffect.PatchDeviceStatus>(_ => new EffectResult.Failed());
        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1), new FleetEvent.WatchRestarted(WatchedBucket.DeviceHeartbeat, "lost"));
        Pass(TimeSpan.FromSeconds(30));
        ReachableOf("pi-1").ShouldBe(ConditionStatus.True);

        rig.Step([new FleetEvent.LinkChanged(IsUp: true, 2), .. speaks ? [Beat("pi-1")] : Array.Empty<FleetEvent>(), new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceHeartbeat)]);
        Pass(TimeSpan.FromSeconds(30));
        ReachableOf("pi-1").ShouldBe(told);
    }

    private ConditionStatus? ReachableOf(string device) => rig.DeviceOf(device).Status?.Conditions.Of(ConditionTypes.Reachable)?.Status;

    private void Begin(int devices, params Harmony.Fleet.Contracts.Resources.Deployment[] deployments)
    {
        rig.Begin(deployments, [.. Enumerable.Range(1, devices).Select(number => Device($"pi-{number}"))]);
        rig.Settle();
    }

    private void Flush()
    {
        rig.Step(Options.FlushInterval);
        rig.Settle();
        rig.Step(Options.FlushInterval);
        rig.Settle();
    }

    private void Pass(TimeSpan time, string? talking = null)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(10))
        {
            rig.Step(TimeSpan.FromSeconds(10), talking is null ? [] : [Beat(talking)]);
            rig.Settle();
        }
    }

    private void Wake(TimeSpan pass, IReadOnlyList<FleetEvent> happened)
    {
        rig.Wake(pass, happened);
        rig.Settle();
    }

    private IEnumerable<DeviceId> Turned(bool isReachable) => rig.Notices.OfType<FleetNotice.DeviceTurned>().Where(turned => turned.IsReachable == isReachable).Select(turned => turned.Device);

    private FleetEvent Beat(string device, Dictionary<DeviceId, DateTimeOffset>? heard = null)
    {
        if (heard is not null)
        {
            heard[DeviceId.Parse(device)] = rig.Now + TimeSpan.FromSeconds(1); // With the step that brings it.
        }

        return rig.Beat(device, new DocumentOrder(1, ++sequence));
    }
}
