using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Agent.Reporting;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Testing;

namespace Harmony.Fleet.Tests.Agent.Reporting;

public sealed class DocumentReporterTests
{
    private static readonly AgentOptions Options = new()
    {
        Device = ControlPlane.Device,
        Keys = ControlPlane.Keys,
        StateDirectory = string.Empty,
        PodmanSocket = string.Empty,
        Nats = new NatsAccess { Servers = [new Uri("nats://nowhere")], Seed = string.Empty },
    };

    /// <summary>A server that has too much to do takes seconds for a put: it is not told of each step between the first and the last.</summary>
    [Theory]
    [InlineData(10, 200)]
    [InlineData(2_000, 2_000)]
    [InlineData(60_000, 5_000)]
    public async Task Changes_AreGatheredForAsLongAsTheLastPutTook_ButNotForLong(int tookMilliseconds, int gatheredMilliseconds)
    {
        var (time, took) = (new ManualTime(), TimeSpan.FromMilliseconds(tookMilliseconds));
        await using var bus = new SlowBus(time, took);
        var document = new StubDocument(time);
        using var signed = new DocumentReporter<StubDocument>(
            document, Options, bus, new SignedBucket(new(Options.Device, Options.Keys, "run", "1", time), bus), new BusPace(), new Jitter(new Random(1)), time, new FakeLogger<StubDocument>());
        await signed.StartAsync(TestContext.Current.CancellationToken);

        await ChangeAsync(document, time, document.Delay);
        await Eventually.HoldsAsync(() => time.Dues is [var due] && due == took, "it is put");
        time.Advance(took);
        await Eventually.HoldsAsync(() => document.Puts == 1, "it is stored");

        await ChangeAsync(document, time, TimeSpan.FromMilliseconds(gatheredMilliseconds));
        await Eventually.HoldsAsync(() => bus.Puts == 2, "it is put again");
        await signed.StopAsync(CancellationToken.None);
    }

    /// <summary>Changes it, and lets the time pass for which changes are gathered.</summary>
    private static async Task ChangeAsync(StubDocument document, ManualTime time, TimeSpan gathered)
    {
        await Eventually.HoldsAsync(() => time.Dues is [var rest] && rest > TimeSpan.FromMinutes(5), "nothing is to be done");
        document.Changed.Set();
        await Eventually.HoldsAsync(() => time.Dues is [var due] && due < TimeSpan.FromMinutes(5), "changes are gathered");
        time.Dues.Single().ShouldBe(gathered);
        time.Advance(gathered);
    }

    private sealed class StubDocument(TimeProvider time) : IReportedDocument
    {
        public int Puts { get; private set; }

        public string Bucket => BucketNames.DeviceState;

        public string Kind => MessageKinds.Report;

        public AutoResetSignal Changed { get; } = new(time);

        public TimeSpan Delay => TimeSpan.FromMilliseconds(200);

        public ValueTask<byte[]> WriteAsync(CancellationToken cancellationToken) => new("{}"u8.ToArray());

        public void Stored() => Puts++;
    }

    /// <summary>A bus of which every put takes as long.</summary>
    private sealed class SlowBus(TimeProvider time, TimeSpan took) : IBus, IBucket
    {
        public int Puts { get; private set; }

        public LinkState Link => new(true, 1, "slow");

        public string Name => BucketNames.DeviceState;

        public IBucket Bucket(string name) => this;

        public async Task<PutOutcome> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong revision, BusHeaders headers, CancellationToken cancellationToken)
        {
            Puts++;
            await Task.Delay(took, time, cancellationToken);
            return new PutOutcome.Stored((ulong)Puts);
        }

        public IAsyncEnumerable<LinkState> LinkChangesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ISubscription> SubscribeAsync(string subject, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, BusHeaders headers, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> AnswersAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<PutOutcome> CreateAsync(string key, ReadOnlyMemory<byte> value, BusHeaders headers, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<PutOutcome> DeleteAsync(string key, ulong revision, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<GetOutcome> GetAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<GetOutcome> GetLatestAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<BucketEvent> WatchAsync(string filter, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<string> KeysAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<BucketEntry> MarkersAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
