using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Threading.Channels;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Operator.Control.Informers;
using Harmony.Fleet.Operator.Documents;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Control.Informers;

/// <summary>A bucket that is read again and again, on virtual time.</summary>
public sealed class BucketInformerTests : IAsyncDisposable
{
    private static readonly DeviceId Pi = DeviceId.Parse("pi-1");
    private readonly FakeBroker broker = new();
    private readonly FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly OwnManifests own = new();
    private readonly DeviceKeyRing keys = new(ControlledFleet.Master, 1);
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Channel<FleetEvent> told = Channel.CreateBounded<FleetEvent>(100);
    private readonly CancellationTokenSource ending = new();
    private Task informing = Task.CompletedTask;
    private FakeBus bus = null!;
    private BucketInformer informer = null!;
    private FleetMeter meter = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await informing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
        await services.DisposeAsync();
    }

    [Fact]
    public async Task Resync_OfReportsThatAreAsTheyWere_TellsNothing()
    {
        await BeginAsync(WatchedBucket.DeviceState, Report(1));
        (await NextAsync()).ShouldBeOfType<FleetEvent.ReportHeard>().Report.Sequence.ShouldBe(1);
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();

        (await ResyncAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
    }

    /// <summary>The engine has forgotten it with its Device, which has to come again.</summary>
    [Fact]
    public async Task Resync_OfReports_TellsAgainWhatIsToBeReadAgain_Once()
    {
        await BeginAsync(WatchedBucket.DeviceState, Report(1));
        (await NextAsync()).ShouldBeOfType<FleetEvent.ReportHeard>();
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();

        informer.ReadAgain(Pi);
        informer.ReadAgain(DeviceId.Parse("never-seen"));

        (await ResyncAsync()).ShouldBeOfType<FleetEvent.ReportHeard>().Report.Sequence.ShouldBe(1);
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
        (await ResyncAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
    }

    /// <summary>It is refused each time, and counted.</summary>
    [Fact]
    public async Task Resync_OfReportsThatWereRefused_ReadsThemAgain()
    {
        var refused = 0;
        await BeginAsync(WatchedBucket.DeviceState);
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref refused, (int)count));
        listener.EnableMeasurementEvents(meter.Refused);
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
        await PutAsync(BucketNames.DeviceState, Report(1), mac: "1:of-somebody-else");

        (await ResyncAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
        (await ResyncAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();

        Volatile.Read(ref refused).ShouldBe(3);
    }

    [Fact]
    public async Task Resync_OfManifests_SaysWhichAreAsTheyWere()
    {
        var bytes = ManifestDocument.Write(Pi, new(1, 1), []);
        await BeginAsync(WatchedBucket.DesiredState, bytes);
        (await NextAsync()).ShouldBeOfType<FleetEvent.ManifestSeen>().Stored.Digest.ShouldBe(Digest.Of(bytes));
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();

        (await ResyncAsync()).ShouldBe(new FleetEvent.ManifestUnchanged(Pi));
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
    }

    [Fact]
    public async Task ReadAll_BeginsAResync_BeforeItIsTime()
    {
        await BeginAsync(WatchedBucket.DesiredState, ManifestDocument.Write(Pi, new(1, 1), []));
        (await NextAsync()).ShouldBeOfType<FleetEvent.ManifestSeen>();
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();

        informer.ReadAll();

        (await NextAsync()).ShouldBe(new FleetEvent.ResyncBegan(WatchedBucket.DesiredState));
        (await NextAsync()).ShouldBe(new FleetEvent.ManifestUnchanged(Pi));
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
    }

    /// <summary>What was read by then may be gone since; and that the watch is broken off is no loss of it, which would make the engine deaf.</summary>
    [Fact]
    public async Task ReadAll_BeforeTheWatchHasCaughtUp_BeginsAResyncWhenItHas()
    {
        await BeginAsync(WatchedBucket.DesiredState);
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
        bus.GoDown();
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchRestarted>();

        informer.ReadAll();
        bus.GoUp();

        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
        (await NextAsync()).ShouldBeOfType<FleetEvent.ResyncBegan>();
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
    }

    /// <summary>What stands there then may be of another life of the bucket.</summary>
    [Fact]
    public async Task WatchThatBeginsAgain_ReadsAllAnew()
    {
        await BeginAsync(WatchedBucket.DesiredState, ManifestDocument.Write(Pi, new(1, 1), []));
        (await NextAsync()).ShouldBeOfType<FleetEvent.ManifestSeen>();
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();

        bus.GoDown();
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchRestarted>();
        bus.GoUp();

        (await NextAsync()).ShouldBeOfType<FleetEvent.ManifestSeen>();
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
    }

    /// <summary>The connection stands, and JetStream does not: nothing else would tell the engine that it is deaf.</summary>
    [Fact]
    public async Task Resync_OfABucketThatIsAway_IsALossAndNoResync()
    {
        await BeginAsync(WatchedBucket.DeviceHeartbeat);
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
        broker.LoseBucket(BucketNames.DeviceHeartbeat);
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchRestarted>();

        time.Advance(new ControlOptions().ResyncInterval);

        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchRestarted>();
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(new ControlOptions().BackOff.Base);
                return told.Reader.TryPeek(out _);
            },
            "it is watched again");
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchRestarted>();
        (await broker.EnsureBucketAsync(new BucketSettings { Name = BucketNames.DeviceHeartbeat }, Stop)).ShouldBeOfType<EnsureBucketOutcome.Created>();
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
    }

    /// <summary>It was not seen before it was time to read all again, ten minutes later.</summary>
    [Fact]
    public async Task WhatIsThrown_WhereItIsTold_EndsTheWatchAtOnce()
    {
        await BeginAsync(WatchedBucket.DeviceState);
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
        told.Writer.Complete();

        await PutAsync(BucketNames.DeviceState, Report(1));

        // Nor can it tell that the watch ended, which ends the informer.
        await Should.ThrowAsync<ChannelClosedException>(() => informing.WaitAsync(TimeSpan.FromMinutes(1), Stop));
    }

    [Fact]
    public async Task OwnWrite_IsKnownByItsBytesAndItsMac_AndNothingElseIs()
    {
        await BeginAsync(WatchedBucket.DesiredState);
        (await NextAsync()).ShouldBeOfType<FleetEvent.WatchCaughtUp>();
        var bytes = ManifestDocument.Write(Pi, new(1, 1), []);
        var put = new ManifestStep.Put(new(1, 1), bytes, Digest.Of("known, and not made anew"u8), 0, "test");
        own.Keep(Pi, put, keys.Sign(Pi, MessageKinds.Manifest, bytes));

        await PutAsync(BucketNames.DesiredState, bytes, mac: "1:of-somebody-else");
        (await NextAsync()).ShouldBeOfType<FleetEvent.ManifestSeen>().Stored.Generation.ShouldBeNull();
        await PutAsync(BucketNames.DesiredState, bytes);
        (await NextAsync()).ShouldBeOfType<FleetEvent.ManifestSeen>().Stored.Digest.ShouldBe(put.Digest);
        await PutAsync(BucketNames.DesiredState, bytes);
        (await NextAsync()).ShouldBeOfType<FleetEvent.ManifestSeen>().Stored.Digest.ShouldBe(Digest.Of(bytes));
    }

    private static byte[] Report(long sequence) => JsonSerializer.SerializeToUtf8Bytes(
        new() { Device = Pi, Instance = "run", Boot = 1, Sequence = sequence, At = DateTimeOffset.UnixEpoch }, ContractsJson.Bus.DeviceReport);

    private async Task BeginAsync(WatchedBucket bucket, params byte[][] values)
    {
        var name = BucketInformer.NameOf(bucket);
        (await broker.EnsureBucketAsync(new BucketSettings { Name = name }, Stop)).ShouldBeOfType<EnsureBucketOutcome.Created>();
        bus = broker.Connect();
        for (var number = 0; number < values.Length; number++)
        {
            await PutAsync(name, values[number], key: $"pi-{number + 1}");
        }

        meter = new FleetMeter(services.GetRequiredService<IMeterFactory>());
        var gate = new LogGate(time);
        var texts = new TextCache();
        var reader = new DocumentReader(keys, new StoredManifestReader(keys, own, texts), texts, gate, meter, NullLogger<DocumentReader>.Instance);
        informer = new BucketInformer(bus, bucket, reader, intake: null, told.Writer, new ControlOptions(), time, new Random(1), NullLogger.Instance);
        informing = informer.RunAsync(ending.Token);
    }

    private async Task PutAsync(string bucket, byte[] value, string key = "pi-1", string? mac = null)
    {
        var device = DeviceId.Parse(key);
        mac ??= bucket == BucketNames.DesiredState ? keys.Sign(device, MessageKinds.Manifest, value) : MessageMac.Sign(keys.Of(device).Up, 1, MessageKinds.Report, device, value);
        (await bus.Bucket(bucket).PutAsync(key, value, new BusHeaders(mac), Stop)).ShouldBeOfType<PutOutcome.Stored>();
    }

    private async Task<FleetEvent> NextAsync() => await told.Reader.ReadAsync(Stop);

    /// <summary>Lets the interval pass.</summary>
    /// <returns>What is told after that the resync began.</returns>
    private async Task<FleetEvent> ResyncAsync()
    {
        time.Advance(new ControlOptions().ResyncInterval);
        (await NextAsync()).ShouldBeOfType<FleetEvent.ResyncBegan>();
        return await NextAsync();
    }
}
