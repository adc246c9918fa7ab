using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using Harmony.Fleet.Tests.Operator.Control;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Readiness;

/// <summary>What takes no writes is known, although nobody writes.</summary>
public sealed class ProbeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>As on a full disk: the file may not grow.</summary>
    [Fact]
    public async Task StoreThatIsFull_IsSaid()
    {
        using var folder = new TempFolder();
        await using var full = Open(folder.File("fleet.db"), 200_000);
        using var probe = new StoreProbe(full, TimeProvider.System, NullLogger<StoreProbe>.Instance);
        (await full.CreateAsync(ResourceTypes.Devices, Large(0), Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
        probe.Missing().ShouldBeNull();
        for (var number = 1; (await full.CreateAsync(ResourceTypes.Devices, Large(number), Stop)) is not StoreOutcome<Device>.Unavailable; number++)
        {
            number.ShouldBeLessThan(1_000);
        }

        probe.Missing().ShouldNotBeNull().ShouldContain("is full: make room");
    }

    [Fact]
    public async Task StoreThatTakesNoWrites_IsFoundOutByTheProbeAlone_AndThatItIsOver()
    {
        using var folder = new TempFolder();
        var time = new FakeTimeProvider();
        await using var store = Open(folder.File("fleet.db"), null);
        await store.BeginTermAsync(Stop);
        using var probe = new StoreProbe(store, time, NullLogger<StoreProbe>.Instance);
        await probe.StartAsync(Stop);

        // Another program holds it, and lets nobody write.
        await using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={folder.File("fleet.db")};Pooling=False"))
        {
            await other.OpenAsync(Stop);
            await using var hold = other.CreateCommand();
            hold.CommandText = "BEGIN IMMEDIATE";
            await hold.ExecuteNonQueryAsync(Stop);
            await TicksUntilAsync(time, () => probe.Missing() is not null);
        }

        await TicksUntilAsync(time, () => probe.Missing() is null);
        await probe.StopAsync(Stop);
    }

    [Fact]
    public async Task StoreWhoseFileIsRemoved_IsFoundOutByTheProbeAlone()
    {
        using var folder = new TempFolder();
        await using var store = Open(folder.File("fleet.db"), null);
        using var probe = new StoreProbe(store, TimeProvider.System, NullLogger<StoreProbe>.Instance);
        await store.ProbeAsync(Stop);
        probe.Missing().ShouldBeNull();
        File.Delete(folder.File("fleet.db"));
        await store.ProbeAsync(Stop);
        probe.Missing().ShouldNotBeNull().ShouldContain("was removed or replaced");
    }

    /// <summary>It fails nothing, and so nobody is told by a failure: neither is the probe's own write answered.</summary>
    [Fact]
    public async Task StoreWhoseDiskHangs_IsSaid_AndThatItIsOver()
    {
        using var folder = new TempFolder();
        using var disk = new HangingDisk();
        await using var store = SqliteStore.Open(
            new SqliteStoreOptions { Path = folder.File("fleet.db") }, disk, Guid.NewGuid, NullLogger<SqliteStore>.Instance).ShouldBeOfType<OpenOutcome.Opened>().Store;
        using var probe = new StoreProbe(store, disk, NullLogger<StoreProbe>.Instance);
        await store.ProbeAsync(Stop);

        disk.Hang();
        try
        {
            var write = store.ProbeAsync(Stop);
            await Eventually.HoldsAsync(() => disk.IsHanging, "the write has begun");
            disk.Advance(TimeSpan.FromSeconds(9));
            probe.Missing().ShouldBeNull();
            disk.Advance(TimeSpan.FromSeconds(3));
            probe.Missing().ShouldNotBeNull().ShouldStartWith("No write was answered for 12 s: the disk of ");
            disk.GoOn();
            await write;
        }
        finally
        {
            // The store ends after all that waits is written.
            disk.GoOn();
        }

        await Eventually.HoldsAsync(() => probe.Missing() is null, "it is over");
    }

    [Fact]
    public async Task JetStreamThatRefusesWrites_IsSaid_AfterTwoInARow_AndNotWithoutALink()
    {
        var broker = new FakeBroker();
        (await broker.EnsureBucketAsync(new BucketSettings { Name = BucketNames.Scores }, Stop)).ShouldNotBeNull();
        var bus = broker.Connect();
        using var probe = new BusProbe(bus, TimeProvider.System, NullLogger<BusProbe>.Instance);
        await probe.ProbeAsync(Stop);
        await probe.ProbeAsync(Stop);
        probe.Missing().ShouldBeNull();

        broker.LoseBucket(BucketNames.Scores);
        await probe.ProbeAsync(Stop);
        probe.Missing().ShouldBeNull("one may be lost on the way");
        await probe.ProbeAsync(Stop);
        probe.Missing().ShouldNotBeNull().ShouldStartWith("JetStream takes no writes, though NATS is connected: ");

        bus.GoDown();
        probe.Missing().ShouldBeNull();
        bus.GoUp();
        await broker.EnsureBucketAsync(new BucketSettings { Name = BucketNames.Scores }, Stop);
        await probe.ProbeAsync(Stop);
        probe.Missing().ShouldBeNull();
    }

    /// <summary>Neither ends by it, nor says for ever what it knew last.</summary>
    [Fact]
    public async Task StoreThatThrowsWhatItShouldNot_IsSaid_Told_AndThatItIsOver()
    {
        var (time, store, log) = (new FakeTimeProvider(), new BrokenHistory(), new FakeLogger<StoreProbe>());
        using var probe = new StoreProbe(store, time, log);
        await probe.StartAsync(Stop);
        await TicksUntilAsync(time, () => store.Probes >= 3);
        probe.Missing().ShouldBe("Whether the store takes writes is not known: thrown by the test");
        probe.ExecuteTask!.IsCompleted.ShouldBeFalse();
        log.Collector.GetSnapshot()[0].Exception.ShouldBeOfType<InvalidOperationException>();

        store.Failure = null;
        await TicksUntilAsync(time, () => probe.Missing() is null);
        await probe.StopAsync(Stop);
    }

    [Fact]
    public async Task JetStreamThatThrowsWhatItShouldNot_IsSaid_Told_AndThatItIsOver()
    {
        var broker = new FakeBroker();
        (await broker.EnsureBucketAsync(new BucketSettings { Name = BucketNames.Scores }, Stop)).ShouldNotBeNull();
        Exception? failure = new InvalidOperationException("thrown by the test");
        var (time, log) = (new FakeTimeProvider(), new FakeLogger<BusProbe>());
        using var probe = new BusProbe(new BrokenBus(broker.Connect(), () => failure), time, log);
        await probe.StartAsync(Stop);
        await TicksUntilAsync(time, () => probe.Missing() is not null);
        probe.Missing().ShouldBe("JetStream takes no writes, though NATS is connected: thrown by the test");
        probe.ExecuteTask!.IsCompleted.ShouldBeFalse();
        log.Collector.GetSnapshot()[0].Exception.ShouldBe(failure);

        failure = null;
        await TicksUntilAsync(time, () => probe.Missing() is null);
        await probe.StopAsync(Stop);
    }

    /// <summary>The bucket as the operator makes it takes the key, and the sweep of scores leaves it alone.</summary>
    [Theory]
    [Trait("Category", "Integration")]
    [ClassData(typeof(NatsVersions))]
    public async Task RealJetStream_TakesTheKey(string version)
    {
        await using var fleet = await RealFixture.StartAsync(version);
        using var probe = new BusProbe(fleet.Observer, TimeProvider.System, NullLogger<BusProbe>.Instance);
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        for (var times = 0; times < 3; times++)
        {
            await probe.ProbeAsync(Stop);
        }

        probe.Missing().ShouldBeNull();
        (await fleet.Observer.Bucket(BucketNames.Scores).GetAsync(BusProbe.Key, Stop)).ShouldBeOfType<GetOutcome.Found>();
    }

    private static SqliteStore Open(string path, long? most) => SqliteStore.Open(
        new SqliteStoreOptions { Path = path, MaxFileBytes = most }, TimeProvider.System, Guid.NewGuid, NullLogger<SqliteStore>.Instance).ShouldBeOfType<OpenOutcome.Opened>().Store;

    private static Task TicksUntilAsync(FakeTimeProvider time, Func<bool> holds) => Eventually.HoldsAsync(
        () =>
        {
            time.Advance(StoreProbe.Interval);
            return holds();
        },
        "the probe finds out",
        TimeSpan.FromSeconds(60));

    private sealed class BrokenHistory : IStoreHistory
    {
        public Exception? Failure { get; set; } = new InvalidOperationException("thrown by the test");

        public int Probes { get; private set; }

        public LostWrites? Lost => null;

        public string? WriteProblem => null;

        public Task ProbeAsync(CancellationToken cancellationToken)
        {
            Probes++;
            return Failure is { } error ? throw error : Task.CompletedTask;
        }

        public Task<string?> AcknowledgeLostAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);
    }

    /// <summary>A write that asks for the time is held up, as by a disk.</summary>
    private sealed class HangingDisk : FakeTimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim goes = new(initialState: true);
        private volatile bool isHanging;

        public bool IsHanging => isHanging;

        public void Hang() => goes.Reset();

        public void GoOn() => goes.Set();

        public override DateTimeOffset GetUtcNow()
        {
            if (Thread.CurrentThread.Name == "sqlite-writer" && !goes.IsSet)
            {
                isHanging = true;
                goes.Wait();
            }

            return base.GetUtcNow();
        }

        public override long GetTimestamp() => base.GetUtcNow().Ticks;

        public void Dispose()
        {
            goes.Set();
            goes.Dispose();
        }
    }

    private static Device Large(int number) => new()
    {
        Metadata = new() { Name = $"pi-{number}", Annotations = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("note", new string('x', 10_000)) },
    };
}
