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

    private async Task<string> TextAsync() =>
        Encoding.UTF8.GetString((await Bucket.GetAsync(ControlPlane.Device.Value, Stop)).ShouldBeOfType<GetOutcome.Found>().Entry.Value.Span);
}
