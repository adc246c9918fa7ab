using System.Text;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Reporting;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Agent.Reporting;

/// <summary>A device's documents replace what is there, whatever that is, and a late one replaces nothing.</summary>
public sealed class SignedBucketTests
{
    private static readonly AgentIdentity Identity = new(ControlPlane.Device, ControlPlane.Keys, "run", "1", TimeProvider.System);

    private readonly FakeBroker broker = new();
    private readonly FakeBus bus;
    private readonly SignedBucket signed;

    public SignedBucketTests()
    {
        bus = broker.Connect();
        signed = new SignedBucket(Identity, bus);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IBucket Bucket => bus.Bucket(BucketNames.DeviceState);

    [Fact]
    public async Task Put_OverADocumentOfAnEarlierRun_ReplacesIt()
    {
        await EnsureAsync();
        await new SignedBucket(Identity, bus).PutAsync(BucketNames.DeviceState, MessageKinds.Report, "before"u8.ToArray(), Stop);

        (await PutAsync("one")).ShouldBeOfType<PutOutcome.Stored>();
        (await PutAsync("two")).ShouldBeOfType<PutOutcome.Stored>();

        (await TextAsync()).ShouldBe("two");
    }

    [Fact]
    public async Task Put_IntoABucketThatWasMadeAnew_StoresIt()
    {
        await EnsureAsync();
        await PutAsync("one");
        broker.LoseBucket(BucketNames.DeviceState);
        await EnsureAsync();

        (await PutAsync("two")).ShouldBeOfType<PutOutcome.Stored>();
    }

    /// <summary>Heartbeats live in memory: after a restart of the server each agent would take itself for a copied one, and say everything again a minute later.</summary>
    [Fact]
    public async Task Put_WhereTheBusLostWhatWasThere_IsNobodyElsesDoing()
    {
        await EnsureAsync();
        await PutAsync("one");
        broker.LoseBucket(BucketNames.DeviceState);
        await EnsureAsync();

        (await signed.PutAsync(BucketNames.DeviceState, MessageKinds.Report, "two"u8.ToArray(), Stop)).IsAnothersReplaced.ShouldBeFalse();

        await new SignedBucket(Identity, broker.Connect()).PutAsync(BucketNames.DeviceState, MessageKinds.Report, "a copy's"u8.ToArray(), Stop);
        (await signed.PutAsync(BucketNames.DeviceState, MessageKinds.Report, "three"u8.ToArray(), Stop)).IsAnothersReplaced.ShouldBeTrue();
    }

    /// <summary>Ten thousand agents whose server was started again: one put each, not two.</summary>
    [Fact]
    public async Task Heartbeat_OverANewConnection_IsPutAtOnceWhereMemoryWasLost_AndIsNobodyElsesWhereItWasNot()
    {
        await broker.EnsureBucketAsync(new BucketSettings { Name = BucketNames.DeviceHeartbeat }, Stop);
        await BeatAsync();
        bus.GoDown();
        bus.GoUp();
        (await BeatAsync()).ShouldBe(new SignedPut(new PutOutcome.Stored(2), IsAnothersReplaced: false));

        bus.GoDown();
        broker.LoseBucket(BucketNames.DeviceHeartbeat);
        await broker.EnsureBucketAsync(new BucketSettings { Name = BucketNames.DeviceHeartbeat }, Stop);
        bus.GoUp();
        var asked = bus.Writes;
        (await BeatAsync()).IsAnothersReplaced.ShouldBeFalse();
        (bus.Writes - asked).ShouldBe(1);

        await new SignedBucket(Identity, broker.Connect()).PutAsync(BucketNames.DeviceHeartbeat, MessageKinds.Heartbeat, "a copy's"u8.ToArray(), Stop);
        bus.GoDown();
        bus.GoUp();
        (await BeatAsync()).IsAnothersReplaced.ShouldBeTrue();
    }

    [Fact]
    public async Task Put_OverTheConnectionOfBefore_IsNotSaidOverThisOne()
    {
        await EnsureAsync();
        signed.IsSaid(BucketNames.DeviceState).ShouldBeFalse();
        await PutAsync("one");
        signed.IsSaid(BucketNames.DeviceState).ShouldBeTrue();

        bus.GoDown();
        bus.GoUp();

        signed.IsSaid(BucketNames.DeviceState).ShouldBeFalse();
    }

    [Fact]
    public async Task Put_OverADeleteMarker_StoresIt()
    {
        await EnsureAsync();
        await PutAsync("one");
        await Bucket.RemoveAsync(ControlPlane.Device.Value, Stop);

        (await PutAsync("two")).ShouldBeOfType<PutOutcome.Stored>();
        (await TextAsync()).ShouldBe("two");
    }

    [Fact]
    public async Task Put_ThatIsStoredLate_ReplacesNoNewerOne()
    {
        await EnsureAsync();
        await PutAsync("one");
        var held = broker.HoldWrites();
        (await PutAsync("late")).ShouldBeOfType<PutOutcome.Unavailable>();
        held.Dispose();
        (await PutAsync("newer")).ShouldBeOfType<PutOutcome.Stored>();

        held.Release().ShouldBe(1);

        (await TextAsync()).ShouldBe("newer");
    }

    [Fact]
    public async Task Put_AfterALateOneWasStored_ReplacesIt()
    {
        await EnsureAsync();
        await PutAsync("one");
        var held = broker.HoldWrites();
        (await PutAsync("late")).ShouldBeOfType<PutOutcome.Unavailable>();
        held.Dispose();
        held.Release().ShouldBe(1);
        (await TextAsync()).ShouldBe("late");

        (await PutAsync("newer")).ShouldBeOfType<PutOutcome.Stored>();

        (await TextAsync()).ShouldBe("newer");
    }

    private async Task EnsureAsync() =>
        (await broker.EnsureBucketAsync(new BucketSettings { Name = BucketNames.DeviceState }, Stop)).ShouldBeOfType<EnsureBucketOutcome.Created>();

    private async Task<PutOutcome> PutAsync(string text) =>
        (await signed.PutAsync(BucketNames.DeviceState, MessageKinds.Report, Encoding.UTF8.GetBytes(text), Stop)).Outcome;

    private Task<SignedPut> BeatAsync() => signed.PutAsync(BucketNames.DeviceHeartbeat, MessageKinds.Heartbeat, "beat"u8.ToArray(), Stop);

    private async Task<string> TextAsync() =>
        Encoding.UTF8.GetString((await Bucket.GetAsync(ControlPlane.Device.Value, Stop)).ShouldBeOfType<GetOutcome.Found>().Entry.Value.Span);
}
