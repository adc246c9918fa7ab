using System.Diagnostics.Metrics;
using Harmony.Fleet.Operator.Control.Informers;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Control.Informers;

/// <summary>A device that puts more than is taken in, on virtual time.</summary>
public sealed class DocumentIntakeTests : IAsyncDisposable
{
    private const string Bucket = "device-state";
    private readonly FakeBroker broker = new();
    private readonly FakeBus bus;
    private readonly FakeTimeProvider time = new();
    private readonly FakeLogger logger = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CancellationTokenSource ending = new();
    private readonly List<string> taken = [];
    private readonly DocumentIntake intake;
    private readonly MetricCollector<long> held;
    private Task reading = Task.CompletedTask;
    private ulong revision;
    private Exception? failure;

    public DocumentIntakeTests()
    {
        bus = broker.Connect();
        var meters = services.GetRequiredService<IMeterFactory>();
        intake = new DocumentIntake(new BrokenBus(bus, () => failure).Bucket(Bucket), new FleetMeter(meters), new LogGate(time), time, logger);
        held = new MetricCollector<long>(meters, FleetMeter.Name, "fleet.bus.documents.held");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private int Held => (int)held.GetMeasurementSnapshot().Sum(one => one.Value);

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await reading;
        ending.Dispose();
        held.Dispose();
        await services.DisposeAsync();
    }

    [Fact]
    public async Task Flood_TakesTheFirst_ThenTheNewestFromTimeToTime_AndTheLast()
    {
        await BeginAsync();
        for (var number = 1; number <= 1000; number++)
        {
            await PutAsync("pi-1", $"{number}");
        }

        taken.Count.ShouldBe(60);
        Held.ShouldBe(940);
        await PassUntilAsync(61);
        taken[^1].ShouldBe("1000", "the last, and none of those between");
        logger.Collector.GetSnapshot().ShouldHaveSingleItem().Message.ShouldContain("Device pi-1 puts more into device-state than is taken in: 940 documents");

        time.Advance(TimeSpan.FromMinutes(1));
        await PutAsync("pi-1", "later");
        taken[^1].ShouldBe("later", "at once: it has been quiet since");
    }

    [Fact]
    public async Task Flood_ThatGoesOn_IsHeardTwiceASecond_AndToldOnceAMinute()
    {
        await BeginAsync();
        var began = time.GetUtcNow();
        for (var round = 1; round <= 150; round++)
        {
            for (var number = 0; number < 20; number++)
            {
                await PutAsync("pi-1", $"{round}/{number}");
            }

            await PassUntilAsync(round);
        }

        var passed = time.GetUtcNow() - began;
        ((double)taken.Count).ShouldBeLessThanOrEqualTo(60 + (passed.TotalSeconds * 2));
        ((double)logger.Collector.Count).ShouldBeInRange(1, passed.TotalMinutes + 1);
    }

    [Fact]
    public async Task LargeDocuments_CostMore()
    {
        await BeginAsync();
        for (var number = 0; number < 100; number++)
        {
            await PutAsync("pi-1", $"{number} {new string('x', 64_000)}");
        }

        taken.Count.ShouldBe(3);
    }

    [Fact]
    public async Task OneThatFloods_HoldsUpNoOther()
    {
        await BeginAsync();
        for (var number = 0; number < 1000; number++)
        {
            await PutAsync("pi-1", $"{number}");
        }

        await PutAsync("pi-2", "quiet");

        taken[^1].ShouldBe("quiet");
    }

    /// <summary>A start takes in all that lies there, however much: nothing of it is a flood.</summary>
    [Fact]
    public async Task WhatWasThereWhenTheWatchBegan_IsAllTaken()
    {
        for (var number = 0; number < 200; number++)
        {
            await PutAsync("pi-1", $"{number}");
        }

        taken.Count.ShouldBe(200);
        Held.ShouldBe(0);
    }

    [Fact]
    public async Task BusThatIsAway_IsAskedAgain()
    {
        await BeginAsync();
        for (var number = 1; number <= 61; number++)
        {
            await PutAsync("pi-1", $"{number}");
        }

        bus.GoDown();
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return bus.Failed > 0;
            },
            "it asks");
        taken.Count.ShouldBe(60);
        bus.GoUp();

        await PassUntilAsync(61);
        taken[^1].ShouldBe("61");
    }

    /// <summary>What is held back of all devices would not be heard before the next resync.</summary>
    [Fact]
    public async Task BusThatThrowsWhatItShouldNot_IsAskedAgain_AndToldAFewTimesAMinute()
    {
        await BeginAsync();
        for (var number = 1; number <= 61; number++)
        {
            await PutAsync("pi-1", $"{number}");
        }

        failure = new InvalidOperationException("thrown by the test");
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return logger.Collector.GetSnapshot().Any(record => record.Exception == failure);
            },
            "it asks, and is told");
        taken.Count.ShouldBe(60);
        failure = null;

        await PassUntilAsync(61);
        taken[^1].ShouldBe("61");
    }

    /// <summary>A watch that has caught up, and a reader of what is held back.</summary>
    private async Task BeginAsync()
    {
        (await broker.EnsureBucketAsync(new BucketSettings { Name = Bucket }, Stop)).ShouldBeOfType<EnsureBucketOutcome.Created>();
        intake.Takes(new BucketEvent.CaughtUp()).ShouldBeTrue();
        reading = intake.ReadHeldAsync(
            entry =>
            {
                Take(entry);
                return ValueTask.CompletedTask;
            },
            ending.Token);
    }

    private async Task PutAsync(string key, string text)
    {
        var value = System.Text.Encoding.UTF8.GetBytes(text);
        if (!reading.IsCompleted)
        {
            revision = (await bus.Bucket(Bucket).PutAsync(key, value, BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Stored>().Revision;
        }

        var entry = new BucketEntry(key, value, BusHeaders.None, revision, time.GetUtcNow(), IsDeleted: false);
        if (intake.Takes(new BucketEvent.Changed(entry)))
        {
            Take(entry);
        }
    }

    private void Take(BucketEntry entry)
    {
        lock (taken)
        {
            taken.Add(System.Text.Encoding.UTF8.GetString(entry.Value.Span));
        }
    }

    private Task PassUntilAsync(int least) => Eventually.HoldsAsync(
        () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            lock (taken)
            {
                return taken.Count >= least;
            }
        },
        $"{least} are taken");
}
