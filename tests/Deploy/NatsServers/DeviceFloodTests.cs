using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using NATS.Client.Core;

namespace Harmony.Fleet.Tests.Deploy.NatsServers;

/// <summary>A device that takes all that it can get of the server.</summary>
[Trait("Category", "Integration")]
public sealed class DeviceFloodTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Device_ThatOpensConnections_IsRefused_AndTheOperatorGetsIn(string version)
    {
        await using var rig = await FleetRig.StartAsync(version);
        var most = AccountLimits.OfDevices(2).MaxConnections!.Value;
        var refused = 0;
        for (var count = 0; count < most; count++)
        {
            try
            {
                await rig.LinkOfA().ConnectAsync();
            }
            catch (NatsException)
            {
                refused++;
            }
        }

        refused.ShouldBe(3, "three of the devices' stood already");
        await using var again = await rig.OperatorAgainAsync();
        (await again.Bucket(BucketNames.DesiredState).GetAsync("pi-a", Stop)).ShouldBeOfType<GetOutcome.Found>();
        (await rig.DeviceB.Bucket(BucketNames.DeviceInfo).PutAsync("pi-b", FleetRig.Bytes("mine"), BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Stored>();
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Device_ThatSubscribesWithoutEnd_IsRefused(string version)
    {
        await using var rig = await FleetRig.StartAsync(version);
        for (var count = 0; count < 70; count++)
        {
            await rig.LinkA.SubscribeCoreAsync<string>($"_INBOX_pi-a.{count}", cancellationToken: Stop);
        }

        await Eventually.HoldsAsync(() => rig.RefusedToA.Any(refused => refused.Contains("maximum subscriptions exceeded", StringComparison.OrdinalIgnoreCase)), "it is refused");
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Device_ThatPublishesMoreThanTheAccountTakes_IsNotHeard(string version)
    {
        const int most = 2 * WireLimits.MaxDocumentBytes;
        await using var rig = await FleetRig.StartAsync(version);
        await using var replies = await rig.Operator.SubscribeAsync(Subjects.AllReplies, Stop);
        await TryPublishAsync(rig.LinkOfA(), Subjects.Reply(FleetRig.A, "large"), most + 1);
        await TryPublishAsync(rig.LinkOfA(), Subjects.Reply(FleetRig.A, "fits"), most);

        var heard = await replies.ReadAsync(Stop).FirstAsync(Stop);

        heard.Subject.ShouldBe(Subjects.Reply(FleetRig.A, "fits"));
        heard.Payload.Length.ShouldBe(most);
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Device_ThatPutsALargeDocument_StoresNothing(string version)
    {
        await using var rig = await FleetRig.StartAsync(version);
        var before = await rig.LastSequenceAsync(BucketNames.DeviceInfo);
        await TryPublishAsync(rig.LinkA, "$KV.device-info.pi-a", (2 * WireLimits.MaxDocumentBytes) + 1);

        (await rig.DeviceB.Bucket(BucketNames.DeviceInfo).PutAsync("pi-b", FleetRig.Bytes("mine"), BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Stored>();
        (await rig.LastSequenceAsync(BucketNames.DeviceInfo)).ShouldBe(before + 1);
    }

    private static async Task TryPublishAsync(NatsConnection link, string subject, int bytes)
    {
        try
        {
            await link.PublishAsync(subject, new byte[bytes], cancellationToken: Stop);
            await link.PingAsync(Stop);
        }
        catch (NatsException)
        {
            // The library may know the limit, or be thrown out.
        }
    }
}
