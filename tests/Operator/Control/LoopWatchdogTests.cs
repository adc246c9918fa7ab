using System.Collections.Concurrent;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Hosting.Services;
using Harmony.Fleet.Hosting.Systemd;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Ports.State;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>What systemd hears of an operator whose control loop is stuck, as one is that logs to a journal which takes nothing any more.</summary>
public sealed class LoopWatchdogTests : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly Listener systemd = new();
    private readonly StuckJournal journal = new();
    private readonly InMemoryResourceStore store = new(TimeProvider.System);
    private readonly IHost host;

    public LoopWatchdogTests()
    {
        var broker = new FakeBroker();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<TimeProvider>(new PoolTime(time)).AddSingleton(new Watchdog(Interval)).AddSingleton<ISystemdNotifier>(systemd);
        builder.Services.AddSingleton<IResourceStore>(store).AddSingleton<ILeadership>(store).AddSingleton<IBus>(broker.Connect()).AddSingleton<IBusAdmin>(broker);
        builder.Services.AddService();
        builder.Services.AddFleetControl(ControlledFleet.Master, 1, ControlledFleet.Quick);
        builder.Logging.ClearProviders().AddProvider(journal);
        host = builder.Build();
    }

    public async ValueTask DisposeAsync()
    {
        journal.Take();
        await host.StopAsync();
        host.Dispose();
        journal.Dispose();
    }

    [Fact]
    public async Task Operator_WhoseLoopIsStuck_GivesNoMoreSignsOfLifeUntilItTurnsAgain()
    {
        await host.StartAsync(TestContext.Current.CancellationToken);
        await PassesUntilAsync(() => systemd.Signs >= 3, "signs of life");

        journal.StickAt("acquired Deployment");
        await store.CreateAsync(ResourceTypes.Deployments, ControlledFleet.Sample("web"), TestContext.Current.CancellationToken);
        await PassesUntilAsync(() => journal.IsStuck, "the loop is stuck");
        await PassesUntilAsync(() => journal.Has("The loop hangs"), "the log says so");
        var signs = systemd.Signs;
        for (var turn = 0; turn < 20; turn++)
        {
            time.Advance(Interval);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        systemd.Signs.ShouldBe(signs);
        journal.Take();
        await PassesUntilAsync(() => systemd.Signs >= signs + 3, "signs of life again");
        journal.Has("The loop turns again").ShouldBeTrue();
    }

    /// <summary>Lets time go by until something holds. The loop is given the time that it needs to turn in between.</summary>
    private Task PassesUntilAsync(Func<bool> condition, string what) => Eventually.HoldsAsync(
        () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            return condition();
        },
        what);

    /// <summary>
    /// The test's time, whose timers go off on other threads, as the system's do: what waits for one would otherwise go on within
    /// <see cref="FakeTimeProvider.Advance"/>, and a loop that is stuck there has the test stuck with it.
    /// </summary>
    private sealed class PoolTime(FakeTimeProvider time) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            time.CreateTimer(_ => ThreadPool.UnsafeQueueUserWorkItem(callback.Invoke, state, preferLocal: false), null, dueTime, period);
    }

    private sealed class Listener : ISystemdNotifier
    {
        private int signs;

        public bool IsEnabled => true;

        public int Signs => Volatile.Read(ref signs);

        public void Notify(ServiceState state)
        {
            if (state.ToString() == "WATCHDOG=1")
            {
                Interlocked.Increment(ref signs);
            }
        }
    }

    /// <summary>A log that does not come back from a certain message.</summary>
    private sealed class StuckJournal : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> lines = new();
        private readonly ManualResetEventSlim taken = new();
        private volatile string? stuckAt;

        public bool IsStuck { get; private set; }

        public void StickAt(string words) => stuckAt = words;

        public void Take() => taken.Set();

        public bool Has(string words) => lines.Any(line => line.Contains(words, StringComparison.Ordinal));

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = formatter(state, exception);
            lines.Enqueue(line);
            if (stuckAt is { } words && line.Contains(words, StringComparison.Ordinal))
            {
                IsStuck = true;
                taken.Wait();
            }
        }

        public void Dispose() => taken.Dispose();
    }
}
