using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.NatsAdmin;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.State;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Operator.Api;
using Harmony.Fleet.Tests.Operator.Control;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Harmony.Fleet.Tests.Operator.Readiness;

/// <summary>What <c>/readyz</c> answers while the running operator, over SQLite and a real nats-server, reads the buckets: for the first time, again beside the watch, and after a loss.</summary>
[Trait("Category", "Integration")]
public sealed class CatchUpTests : IAsyncLifetime
{
    private const int Asks = 50;

    /// <summary>A resync begins after half of it or later, and is given up after as long: a held one is let go long before.</summary>
    private static readonly TimeSpan ResyncInterval = TimeSpan.FromSeconds(12);

    private readonly TempFolder folder = new();
    private readonly SqliteStore store;
    private NatsServer server = null!;
    private HeldBus bus = null!;
    private OperatorUnderTest fleet = null!;

    public CatchUpTests() => store = SqliteStore.Open(
        new SqliteStoreOptions { Path = folder.File("fleet.db") }, TimeProvider.System, Guid.NewGuid, NullLogger<SqliteStore>.Instance).ShouldBeOfType<OpenOutcome.Opened>().Store;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await NatsServer.StartAsync();
        var nats = new NatsBus(NatsOptions.For(server.Url) with { ReconnectCap = TimeSpan.FromMilliseconds(500), JetStream = new() { ReopenCap = TimeSpan.FromMilliseconds(500) } }, TimeProvider.System, NullLogger.Instance);
        nats.Start();
        bus = new HeldBus(nats);
        fleet = await OperatorUnderTest.StartAsync(store, bus, services =>
        {
            services.AddSingleton<ILeadership>(store);
            services.AddSingleton<IBusAdmin>(new NatsBusAdmin(() => nats.Connection));
            services.AddFleetControl(ControlledFleet.Master, 1, ControlledFleet.Quick with { ResyncInterval = ResyncInterval });
        });
    }

    public async ValueTask DisposeAsync()
    {
        bus.Release();
        await fleet.DisposeAsync();
        await bus.DisposeAsync();
        await store.DisposeAsync();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Readyz_OverAStart_AResyncAndALoss_Is503OnlyWhileItDoesNotKnow()
    {
        // The link is up and the buckets stand; what is in them was not read yet.
        await Eventually.HoldsAsync(() => bus.HeldIn(BucketNames.DesiredState) == 1 && bus.HeldIn(BucketNames.DeviceState) == 1, "the buckets are read");
        await AnswersAsync(503, "The control loop has not caught up with the store and the bus yet");
        bus.Release();
        await TurnsAsync(200);

        // The regular look at everything, beside the watch.
        bus.Hold();
        await Eventually.HoldsAsync(() => bus.HeldIn(BucketNames.DesiredState) == 1, "manifests are read again", TimeSpan.FromMinutes(1));
        await AnswersAsync(200, "\"control\":\"ok\"");
        bus.Release();
        await Eventually.HoldsAsync(() => bus.HeldIn(BucketNames.DeviceState) == 0 && bus.Waits == 0, "the resync is over");
        await AnswersAsync(200, "\"control\":\"ok\"");

        // A bucket that was deleted is made anew: until it was read nothing is known of it.
        bus.Hold();
        await using (var administrator = new NatsConnection(new NatsOpts { Url = server.Url }))
        {
            (await new NatsJSContext(administrator).DeleteStreamAsync("KV_" + BucketNames.DesiredState, Stop)).ShouldBeTrue();
        }

        await TurnsAsync(503);
        bus.Release();
        await TurnsAsync(200);

        // Blind.
        await server.KillAsync();
        await TurnsAsync(503);
        await AnswersAsync(503, "There is no connection to NATS.");
        await server.RestartAsync();
        await TurnsAsync(200);
    }

    /// <summary>Each of many times.</summary>
    private async Task AnswersAsync(int code, string says)
    {
        for (var asked = 0; asked < Asks; asked++)
        {
            var (answered, body) = await fleet.SendAsync(HttpMethod.Get, "/readyz");
            answered.ShouldBe(code, body.ToString());
            body.ToString().ShouldContain(says);
        }
    }

    private Task TurnsAsync(int code) => Eventually.HoldsAsync(async () => (await fleet.SendAsync(HttpMethod.Get, "/readyz")).Code == code, $"/readyz answers {code}", TimeSpan.FromMinutes(1));

    /// <summary>A bus whose watches do not catch up while it is held.</summary>
    private sealed class HeldBus(IBus inner) : IBus
    {
        private readonly Lock gate = new();
        private readonly List<string> waiting = [];
        private TaskCompletionSource free = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkState Link => inner.Link;

        /// <summary>How many watches wait.</summary>
        public int Waits => HeldIn(null);

        /// <summary>How many watches of a bucket wait.</summary>
        public int HeldIn(string? bucket)
        {
            lock (gate)
            {
                return waiting.Count(one => bucket is null || one == bucket);
            }
        }

        public void Hold()
        {
            lock (gate)
            {
                free = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public void Release()
        {
            lock (gate)
            {
                free.TrySetResult();
            }
        }

        public IAsyncEnumerable<LinkState> LinkChangesAsync(CancellationToken cancellationToken) => inner.LinkChangesAsync(cancellationToken);

        public Task<ISubscription> SubscribeAsync(string subject, CancellationToken cancellationToken) => inner.SubscribeAsync(subject, cancellationToken);

        public ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, BusHeaders headers, CancellationToken cancellationToken) =>
            inner.PublishAsync(subject, payload, headers, cancellationToken);

        public Task<bool> AnswersAsync(CancellationToken cancellationToken) => inner.AnswersAsync(cancellationToken);

        public IBucket Bucket(string name) => new HeldBucket(this, inner.Bucket(name));

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private async Task WaitAsync(string bucket, CancellationToken cancellationToken)
        {
            Task until;
            lock (gate)
            {
                waiting.Add(bucket);
                until = free.Task;
            }

            try
            {
                await until.WaitAsync(cancellationToken);
            }
            finally
            {
                lock (gate)
                {
                    waiting.Remove(bucket);
                }
            }
        }

        private sealed class HeldBucket(HeldBus bus, IBucket inner) : IBucket
        {
            public string Name => inner.Name;

            public Task<PutOutcome> CreateAsync(string key, ReadOnlyMemory<byte> value, BusHeaders headers, CancellationToken cancellationToken) =>
                inner.CreateAsync(key, value, headers, cancellationToken);

            public Task<PutOutcome> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong revision, BusHeaders headers, CancellationToken cancellationToken) =>
                inner.UpdateAsync(key, value, revision, headers, cancellationToken);

            public Task<PutOutcome> DeleteAsync(string key, ulong revision, CancellationToken cancellationToken) => inner.DeleteAsync(key, revision, cancellationToken);

            public Task<GetOutcome> GetAsync(string key, CancellationToken cancellationToken) => inner.GetAsync(key, cancellationToken);

            public Task<GetOutcome> GetLatestAsync(string key, CancellationToken cancellationToken) => inner.GetLatestAsync(key, cancellationToken);

            public async IAsyncEnumerable<BucketEvent> WatchAsync(string filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
            {
                await foreach (var happened in inner.WatchAsync(filter, cancellationToken))
                {
                    if (happened is BucketEvent.CaughtUp)
                    {
                        await bus.WaitAsync(Name, cancellationToken);
                    }

                    yield return happened;
                }
            }

            public IAsyncEnumerable<string> KeysAsync(CancellationToken cancellationToken) => inner.KeysAsync(cancellationToken);

            public IAsyncEnumerable<BucketEntry> MarkersAsync(CancellationToken cancellationToken) => inner.MarkersAsync(cancellationToken);
        }
    }
}
