using Harmony.Fleet.Adapters.Nats.JetStream;
using Harmony.Fleet.Adapters.Nats.Protocol;
using Harmony.Fleet.Tests.Adapters.Nats.Bus;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.JetStream;

[Trait("Category", "Integration")]
public sealed class JetStreamTests
{
    private static readonly StreamConfig Config = new()
    {
        Name = "S",
        Subjects = ["s.>"],
        MaxConsumers = 10,
        MaxMsgs = -1,
        MaxBytes = -1,
        MaxMsgsPerSubject = -1,
        MaxMsgSize = 100,
        NumReplicas = 1,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Stream_FromCreationToDeletion_TellsWhatItHolds(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var connection = await Buses.ConnectionAsync(server);
        var streams = new StreamApi(connection, Buses.JetStream);
        var publisher = new JetStreamPublisher(connection, Buses.JetStream);

        var made = (await streams.CreateAsync(Config, Stop)).ShouldBeOfType<ApiOutcome<StreamInfo>.Ok>().Value;
        made.Created.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
        foreach (var subject in (string[])["s.a", "s.b", "s.a"])
        {
            await publisher.PublishAsync(subject, "x"u8.ToArray(), null, Stop);
        }

        (await InfoAsync(streams)).State.ShouldSatisfyAllConditions(state => state.Messages.ShouldBe(3UL), state => state.LastSeq.ShouldBe(3UL));
        (await streams.PurgeAsync("S", new PurgeRequest("s.a", 3), Stop)).ShouldBe(new ApiOutcome<ulong>.Ok(1));
        (await streams.PurgeAsync("S", new PurgeRequest("s.b"), Stop)).ShouldBe(new ApiOutcome<ulong>.Ok(1));
        (await InfoAsync(streams)).State.ShouldSatisfyAllConditions(state => state.Messages.ShouldBe(1UL), state => state.FirstSeq.ShouldBe(3UL));
        (await streams.UpdateAsync(Config with { MaxMsgSize = 200 }, Stop)).ShouldBeOfType<ApiOutcome<StreamInfo>.Ok>().Value.Config!.MaxMsgSize.ShouldBe(200);
        (await streams.DeleteAsync("S", Stop)).ShouldBe(new ApiOutcome<bool>.Ok(true));
        (await streams.InfoAsync("S", Stop)).ShouldBeOfType<ApiOutcome<StreamInfo>.Refused>().Error.ErrCode.ShouldBe(ApiErrorCodes.StreamNotFound);
        (await streams.DeleteAsync("S", Stop)).ShouldBeOfType<ApiOutcome<bool>.Refused>();
        (await streams.PurgeAsync("S", new PurgeRequest(), Stop)).ShouldBeOfType<ApiOutcome<ulong>.Refused>();
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Publish_ThatTheServerRefuses_SaysWhyInItsKind(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var connection = await Buses.ConnectionAsync(server);
        var streams = new StreamApi(connection, Buses.JetStream);
        var publisher = new JetStreamPublisher(connection, Buses.JetStream);
        await streams.CreateAsync(Config with { MaxBytes = 4096, Discard = "new" }, Stop);

        (await publisher.PublishAsync("s.a", new byte[50], null, Stop)).ShouldBe(new Ack(AckStatus.Stored, 1, null));
        (await publisher.PublishAsync("s.a", new byte[101], null, Stop)).Status.ShouldBe(AckStatus.Rejected);
        (await publisher.PublishAsync("s.a", new byte[2 * 1024 * 1024], null, Stop)).Status.ShouldBe(AckStatus.Rejected);
        (await publisher.PublishAsync("nobody.a", new byte[50], null, Stop)).Status.ShouldBe(AckStatus.Unavailable);
        var conflict = await publisher.PublishAsync("s.a", new byte[5], NatsHeaders.Of("Nats-Expected-Last-Subject-Sequence", "9"), Stop);
        (conflict.Status, conflict.Sequence).ShouldBe((AckStatus.Conflict, 1UL));
        Ack full;
        do
        {
            full = await publisher.PublishAsync("s.a", new byte[100], null, Stop);
        }
        while (full.Status == AckStatus.Stored);

        full.Status.ShouldBe(AckStatus.Unavailable);
        full.Reason.ShouldNotBeNull().ShouldContain("maximum bytes exceeded");
    }

    [Fact]
    public async Task Publish_ThroughANarrowWindow_StoresAllInTurn()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = await Buses.ConnectionAsync(server);
        await new StreamApi(connection, Buses.JetStream).CreateAsync(Config, Stop);
        var publisher = new JetStreamPublisher(connection, Buses.JetStream with { MaxInFlight = 2 });

        var acks = await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => publisher.PublishAsync("s.a", new byte[50], null, Stop).AsTask()));

        acks.ShouldAllBe(ack => ack.Status == AckStatus.Stored);
        acks.Select(ack => ack.Sequence).Order().ShouldBe(Enumerable.Range(1, 2000).Select(i => (ulong)i));
    }

    [Fact]
    public async Task Publish_CancelledWhileItWaitsForItsTurn_FreesNothingThatIsNotItsOwn()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = await Buses.ConnectionAsync(server);
        await new StreamApi(connection, Buses.JetStream).CreateAsync(Config, Stop);
        var publisher = new JetStreamPublisher(connection, Buses.JetStream with { MaxInFlight = 1 });
        server.Pause();
        var first = publisher.PublishAsync("s.a", new byte[5], null, Stop).AsTask();
        using var impatient = new CancellationTokenSource();
        var second = publisher.PublishAsync("s.a", new byte[5], null, impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        server.Resume();

        (await first).Status.ShouldBe(AckStatus.Stored);
        (await publisher.PublishAsync("s.a", new byte[5], null, Stop)).Status.ShouldBe(AckStatus.Stored);
    }

    [Fact]
    public async Task Publish_ToAServerThatDies_IsUnavailableAtOnce()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = await Buses.ConnectionAsync(server);
        await new StreamApi(connection, Buses.JetStream).CreateAsync(Config, Stop);
        var publisher = new JetStreamPublisher(connection, Buses.JetStream with { RequestTimeout = TimeSpan.FromMinutes(10) });
        server.Pause();
        var waiting = publisher.PublishAsync("s.a", new byte[5], null, Stop).AsTask();
        await server.KillAsync();

        (await waiting).Reason.ShouldBe("the connection to NATS is down");
    }

    private static async Task<StreamInfo> InfoAsync(StreamApi streams) => (await streams.InfoAsync("S", Stop)).ShouldBeOfType<ApiOutcome<StreamInfo>.Ok>().Value;
}
