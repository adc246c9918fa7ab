using System.Globalization;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Operator.Control.Executors;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Ports.State;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Control.Executors;

/// <summary>What is logged of effects that fail while a whole fleet's are due.</summary>
public sealed class FailureLogTests : IAsyncDisposable
{
    private const int Many = 250;
    private static readonly ReadOnlyMemory<byte> Bytes = "{}"u8.ToArray();

    private readonly FakeBroker broker = new();
    private readonly FakeBus bus;
    private readonly FakeTimeProvider time = new();
    private readonly FakeLoggerProvider logs = new();
    private readonly ServiceProvider services;
    private readonly AsyncServiceScope run;

    public FailureLogTests()
    {
        bus = broker.Connect();
        var store = new InMemoryResourceStore(time);
        services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(logs))
            .AddSingleton<TimeProvider>(time).AddSingleton<IResourceStore>(store).AddSingleton<ILeadership>(store).AddSingleton<IBus>(bus).AddSingleton<IBusAdmin>(broker)
            .AddFleetControl(ControlledFleet.Master, 1)
            .BuildServiceProvider();
        run = services.CreateAsyncScope();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await run.DisposeAsync();
        await services.DisposeAsync();
        logs.Dispose();
    }

    [Fact]
    public async Task RefusedWrites_OfAWholeFleet_AreAFewLinesASecond()
    {
        await services.GetRequiredService<BucketVerifier>().EnsureAsync(Stop);
        logs.Collector.Clear();
        using var held = broker.HoldWrites();

        await RunAsync([.. Numbers.Select(Manifest), .. Numbers.Select(number => new FleetEffect.PutScore(Digest.Of(Text(number)), Text(number)))]);
        Tell();

        logs.Collector.Count("Warning 2073: Could not store manifest 1.").ShouldBe(1);
        logs.Collector.Count($"Warning 2076: Could not store {Many - 1} more manifests, the last 1.").ShouldBe(1);
        logs.Collector.Count("Warning 2053: Could not store the score ").ShouldBe(1);
        logs.Collector.Count($"Warning 2054: Could not store {Many - 1} more scores, the last ").ShouldBe(1);
        logs.Collector.Count("no answer in time").ShouldBe(4);
        logs.Collector.Count.ShouldBe(4);
    }

    [Fact]
    public async Task WritesThatMeetOtherRevisions_AreAFewLinesASecond()
    {
        await services.GetRequiredService<BucketVerifier>().EnsureAsync(Stop);
        foreach (var number in Numbers)
        {
            await bus.Bucket(BucketNames.DesiredState).PutAsync(Name(number), Bytes, BusHeaders.None, Stop);
        }

        logs.Collector.Clear();
        await RunAsync([.. Numbers.Select(Manifest)]);
        Tell();

        logs.Collector.Count("Information 2072: Manifest 1.").ShouldBe(1);
        logs.Collector.Count($"Information 2075: {Many - 1} more manifests were not stored, the last 1.").ShouldBe(1);
        logs.Collector.Count.ShouldBe(2);
    }

    [Fact]
    public async Task BusThatIsAway_IsToldWithoutAStack_AndAFaultWithOne()
    {
        bus.GoDown();
        await RunAsync([.. Numbers.Select(_ => new FleetEffect.ListScores())]);
        await RunAsync([.. Numbers.Select(_ => new FleetEffect.WatchBuckets())]);
        Tell();

        logs.Collector.Lines().Count(line => line.Contains("the bus is away", StringComparison.Ordinal)).ShouldBe(2);
        logs.Collector.GetSnapshot().Where(record => record.Exception is not null).Select(record => record.Id.Id).ShouldBe([2001, 2002]);
        logs.Collector.Count.ShouldBe(4);
    }

    private static IEnumerable<int> Numbers => Enumerable.Range(1, Many);

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"pi-{number}");

    private static byte[] Text(int number) => System.Text.Encoding.UTF8.GetBytes(Name(number));

    private static FleetEffect Manifest(int number) =>
        new FleetEffect.PutManifest(DeviceId.Parse(Name(number)), new ManifestStep.Put(new(1, number), Bytes.ToArray(), Digest.Of(Bytes.Span), 0, "by the test"), 1);

    /// <summary>Carries them out, all at once.</summary>
    private async Task RunAsync(FleetEffect[] effects)
    {
        var executor = run.ServiceProvider.GetRequiredService<EffectExecutor>();
        foreach (var effect in effects)
        {
            executor.Start(effect, Stop);
        }

        for (var left = effects.Length; left > 0; left--)
        {
            await executor.Results.ReadAsync(Stop);
        }
    }

    /// <summary>The second is over.</summary>
    private void Tell()
    {
        time.Advance(TimeSpan.FromSeconds(1));
        services.GetRequiredService<FailureLog>().Tell();
    }
}
