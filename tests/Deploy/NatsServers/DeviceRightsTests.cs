using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using NATS.Client.Core;

namespace Harmony.Fleet.Tests.Deploy.NatsServers;

/// <summary>What a device can do, written down by hand; and that everything else is refused by the server.</summary>
[Trait("Category", "Integration")]
public sealed class DeviceRightsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Device_WithItsOwnDocuments_PutsThem(string version)
    {
        await using var rig = await FleetRig.StartAsync(version);
        foreach (var bucket in (string[])[BucketNames.DeviceInfo, BucketNames.DeviceState, BucketNames.DeviceHeartbeat])
        {
            var stored = await rig.DeviceA.Bucket(bucket).PutAsync("pi-a", FleetRig.Bytes("mine"), new BusHeaders("1:mac"), Stop);

            var revision = stored.ShouldBeOfType<PutOutcome.Stored>(stored.ToString()).Revision;
            var entry = (await rig.Operator.Bucket(bucket).GetAsync("pi-a", Stop)).ShouldBeOfType<GetOutcome.Found>().Entry;
            (entry.Revision, entry.Headers.Mac, System.Text.Encoding.UTF8.GetString(entry.Value.Span)).ShouldBe((revision, "1:mac", "mine"));
            (await rig.DeviceA.Bucket(bucket).UpdateAsync("pi-a", FleetRig.Bytes("late"), 1, BusHeaders.None, Stop))
                .ShouldBeOfType<PutOutcome.Conflict>().CurrentRevision.ShouldBe(revision);
        }
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Device_WithWhatIsMeantForIt_ReadsIt(string version)
    {
        await using var rig = await FleetRig.StartAsync(version);

        await ReadsAsync(rig, BucketNames.DesiredState, "pi-a");
        await ReadsAsync(rig, BucketNames.Scores, FleetRig.Score);
        (await rig.DeviceA.Bucket(BucketNames.Scores).GetAsync("ffff", Stop)).ShouldBeOfType<GetOutcome.Missing>();
        await rig.Operator.Bucket(BucketNames.DesiredState).RemoveAsync("pi-a", Stop);
        (await rig.DeviceA.Bucket(BucketNames.DesiredState).GetAsync("pi-a", Stop)).ShouldBeOfType<GetOutcome.Missing>();
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Device_ThatListens_HearsItsOwnWishesAndCommandsOnly(string version)
    {
        await using var rig = await FleetRig.StartAsync(version);
        await using var wishes = await rig.DeviceA.SubscribeAsync(Subjects.LiveDesired(FleetRig.A), Stop);
        await using var commands = await rig.DeviceA.SubscribeAsync(Subjects.Commands(FleetRig.A), Stop);
        await using var replies = await rig.Operator.SubscribeAsync(Subjects.AllReplies, Stop);

        await rig.Operator.Bucket(BucketNames.DesiredState).PutAsync("pi-b", FleetRig.Bytes("theirs"), BusHeaders.None, Stop);
        await rig.Operator.Bucket(BucketNames.DesiredState).PutAsync("pi-a", FleetRig.Bytes("wish"), new BusHeaders("1:w"), Stop);
        await rig.Operator.PublishAsync(Subjects.Command(FleetRig.B, "ping"), FleetRig.Bytes("theirs"), BusHeaders.None, Stop);
        await rig.Operator.PublishAsync(Subjects.Command(FleetRig.A, "ping"), FleetRig.Bytes("ping"), new BusHeaders("1:c"), Stop);
        await rig.DeviceA.PublishAsync(Subjects.Reply(FleetRig.A, "s1"), FleetRig.Bytes("pong"), new BusHeaders("1:r"), Stop);

        (await HearAsync(wishes)).ShouldBe(("live.desired.pi-a", "wish", "1:w"));
        (await HearAsync(commands)).ShouldBe(("device-commands.pi-a.ping", "ping", "1:c"));
        (await HearAsync(replies)).ShouldBe(("device-replies.pi-a.s1", "pong", "1:r"));
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Device_PublishingAnywhereElse_IsDeniedAndChangesNothing(string version)
    {
        await using var rig = await FleetRig.StartAsync(version);
        var before = await rig.ForeignAsync(FleetRig.A);

        foreach (var subject in ForbiddenToPublish)
        {
            await rig.LinkA.PublishAsync(subject, "{}", replyTo: "_INBOX_pi-a.answer", cancellationToken: Stop);
            await IsRefusedAsync(rig, $"Publish to \"{subject}\"");
        }

        (await rig.ForeignAsync(FleetRig.A)).ShouldBe(before);
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Device_ListeningAnywhereElse_IsRefused(string version)
    {
        await using var rig = await FleetRig.StartAsync(version);

        foreach (var subject in ForbiddenToHear)
        {
            await using var subscription = await rig.LinkA.SubscribeCoreAsync<byte[]>(subject, cancellationToken: Stop);
            await IsRefusedAsync(rig, $"Subscription to \"{subject}\"");
        }
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Device_WithAForeignReplySubject_ChangesNoForeignByte(string version)
    {
        await using var rig = await FleetRig.StartAsync(version);
        var before = await rig.ForeignAsync(FleetRig.A);
        var sequence = await rig.LastSequenceAsync(BucketNames.DesiredState);

        foreach (var reply in (string[])["$KV.desired-state.pi-b", "$KV.desired-state.pi-a", "$KV.device-state.pi-b", "$KV.scores.ab12", "device-commands.pi-b.exec", "live.desired.pi-b"])
        {
            foreach (var own in (string[])["$KV.device-info.pi-a", "$KV.device-state.pi-a", "$JS.API.DIRECT.GET.KV_desired-state.$KV.desired-state.pi-a", "$JS.API.DIRECT.GET.KV_scores.$KV.scores.ab12", "device-replies.pi-a.s"])
            {
                await rig.LinkA.PublishAsync(own, "injected", replyTo: reply, cancellationToken: Stop);
            }
        }

        await rig.LinkA.PingAsync(Stop);
        // A put of A's own is stored behind all of it, so that whatever was to happen has happened.
        (await rig.DeviceA.Bucket(BucketNames.DeviceInfo).PutAsync("pi-a", FleetRig.Bytes("last"), BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Stored>();
        await Task.Delay(200, Stop);
        (await rig.ForeignAsync(FleetRig.A)).ShouldBe(before);
        (await rig.LastSequenceAsync(BucketNames.DesiredState)).ShouldBe(sequence);
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Device_WithARollupHeader_IsRefused(string version)
    {
        await using var rig = await FleetRig.StartAsync(version);
        var before = await rig.ForeignAsync(FleetRig.A);

        foreach (var value in (string[])["all", "sub"])
        {
            var ack = await rig.LinkA.RequestAsync<string, string>("$KV.device-info.pi-a", "x", new NatsHeaders { ["Nats-Rollup"] = value }, cancellationToken: Stop);
            ack.Data.ShouldNotBeNull().ShouldContain("rollup");
        }

        (await rig.ForeignAsync(FleetRig.A)).ShouldBe(before);
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Device_WithAnothersMessageId_SwallowsNoWriteOfTheFleet(string version)
    {
        await using var rig = await FleetRig.StartAsync(version);
        await rig.LinkA.RequestAsync<string, string>("$KV.device-info.pi-a", "x", new NatsHeaders { ["Nats-Msg-Id"] = "1" }, cancellationToken: Stop);

        var stored = await rig.DeviceB.Bucket(BucketNames.DeviceInfo).PutAsync("pi-b", FleetRig.Bytes("of b"), BusHeaders.None, Stop);

        stored.ShouldBeOfType<PutOutcome.Stored>();
        (await rig.Operator.Bucket(BucketNames.DeviceInfo).GetAsync("pi-b", Stop)).ShouldBeOfType<GetOutcome.Found>().Entry.Value.Length.ShouldBe(4);
    }

    /// <summary>The literal <c>*</c> is a subject that the grant of all scores covers; it must not pass for a key.</summary>
    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Device_ReadingALiteralWildcard_GetsNoManifestOfOthers(string version)
    {
        await using var rig = await FleetRig.StartAsync(version);

        var scores = await rig.LinkA.RequestAsync<byte[]>("$JS.API.DIRECT.GET.KV_scores.$KV.scores.*", cancellationToken: Stop);

        // Scores are encrypted for just this reason.
        scores.Data.ShouldNotBeNull().Length.ShouldBePositive();
        await rig.LinkA.PublishAsync("$JS.API.DIRECT.GET.KV_desired-state.$KV.desired-state.*", replyTo: "_INBOX_pi-a.answer", cancellationToken: Stop);
        await IsRefusedAsync(rig, "Publish to \"$JS.API.DIRECT.GET.KV_desired-state.$KV.desired-state.*\"");
        (await rig.DeviceA.Bucket(BucketNames.Scores).GetAsync("*", Stop)).ShouldBeOfType<GetOutcome.Missing>();
    }

    private static string[] ForbiddenToPublish =>
    [
        "$KV.device-info.pi-b", "$KV.device-state.pi-b", "$KV.device-heartbeat.pi-b", "$KV.device-info.*", "$KV.device-info.>", "$KV.device-info.pi-a.x",
        "$KV.desired-state.pi-a", "$KV.desired-state.pi-b", "$KV.scores.ab12", "$KV.artifacts.ab12.0", "$KV.device-info", "$KV.>",
        "$JS.API.DIRECT.GET.KV_desired-state.$KV.desired-state.pi-b", "$JS.API.DIRECT.GET.KV_desired-state.$KV.desired-state.*",
        "$JS.API.DIRECT.GET.KV_desired-state.$KV.desired-state.>", "$JS.API.DIRECT.GET.KV_desired-state", "$JS.API.DIRECT.GET.KV_scores", "$JS.API.DIRECT.GET.KV_artifacts.$KV.artifacts.ab12.0",
        "$JS.API.DIRECT.GET.KV_device-info.$KV.device-info.pi-a", "$JS.API.DIRECT.GET.KV_device-info.$KV.device-info.pi-b",
        "$JS.API.INFO", "$JS.API.STREAM.LIST", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.INFO.KV_desired-state", "$JS.API.STREAM.CREATE.mine",
        "$JS.API.STREAM.UPDATE.KV_desired-state", "$JS.API.STREAM.DELETE.KV_desired-state", "$JS.API.STREAM.PURGE.KV_desired-state",
        "$JS.API.STREAM.MSG.GET.KV_desired-state", "$JS.API.STREAM.MSG.DELETE.KV_desired-state", "$JS.API.STREAM.SNAPSHOT.KV_desired-state",
        "$JS.API.CONSUMER.CREATE.KV_desired-state", "$JS.API.CONSUMER.CREATE.KV_desired-state.c", "$JS.API.CONSUMER.CREATE.KV_desired-state.c.$KV.desired-state.pi-a",
        "$JS.API.CONSUMER.DURABLE.CREATE.KV_desired-state.c", "$JS.API.CONSUMER.MSG.NEXT.KV_desired-state.c", "$JS.API.CONSUMER.DELETE.KV_desired-state.c",
        "$JS.ACK.KV_desired-state.c.1.1.1.1.1", "$JS.FC.KV_desired-state.c.x", "$SYS.REQ.SERVER.PING", "$SYS.REQ.ACCOUNT.CTRL.CONNZ", "$SYS.REQ.USER.INFO",
        "live.desired.pi-a", "live.desired.pi-b", "device-commands.pi-a.ping", "device-commands.pi-b.exec", "device-replies.pi-b.s", "device-replies.pi-a",
        "_INBOX.x", "_INBOX_pi-b.x", "_INBOX_pi-a.x", "other",
    ];

    // Not here: device-commands.pi-a.>, which the server takes for covered by device-commands.pi-a.*; it reaches nothing that is not pi-a's.
    private static string[] ForbiddenToHear =>
    [
        ">", "*", "*.>", "$KV.>", "$KV.desired-state.pi-a", "$KV.device-info.pi-a", "$JS.>", "$JS.EVENT.>", "$SYS.>", "live.desired.*", "live.desired.>", "live.>",
        "live.desired.pi-b", "device-commands.>", "device-commands.*.*", "device-commands.pi-b.*", "device-commands.pi-b.>", "device-replies.>", "device-replies.pi-a.s",
        "_INBOX.>", "_INBOX_pi-b.>", "_INBOX_*.>", "_R_.>",
    ];

    private static Task IsRefusedAsync(FleetRig rig, string what) =>
        Eventually.HoldsAsync(() => rig.RefusedToA.Any(refused => refused.Contains(what, StringComparison.Ordinal)), $"refused: {what}");

    private static async Task ReadsAsync(FleetRig rig, string bucket, string key)
    {
        var outcome = await rig.DeviceA.Bucket(bucket).GetAsync(key, Stop);
        var entry = outcome.ShouldBeOfType<GetOutcome.Found>(outcome.ToString()).Entry;
        System.Text.Encoding.UTF8.GetString(entry.Value.Span).ShouldBe($"{bucket} of {key}");
        entry.Headers.Mac.ShouldBe("1:m");
    }

    private static async Task<(string Subject, string Text, string? Mac)> HearAsync(ISubscription subscription)
    {
        var message = await subscription.ReadAsync(Stop).FirstAsync(Stop);
        return (message.Subject, System.Text.Encoding.UTF8.GetString(message.Payload.Span), message.Headers.Mac);
    }
}
