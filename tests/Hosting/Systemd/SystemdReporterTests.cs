using System.Collections.Concurrent;
using Harmony.Fleet.Hosting.Systemd;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Hosting.Systemd;

public sealed class SystemdReporterTests : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider time = new();
    private readonly Lifetime lifetime = new();
    private readonly Listener systemd = new();
    private readonly LoopLiveness loop;
    private readonly SystemdReporter reporter;

    public SystemdReporterTests()
    {
        var watchdog = new Watchdog(Interval);
        loop = new LoopLiveness(time, watchdog);
        reporter = new SystemdReporter(systemd, loop, watchdog, lifetime, time, NullLogger<SystemdReporter>.Instance);
    }

    [Fact]
    public async Task Service_WhoseLoopHasNotTurned_IsNotReady()
    {
        await reporter.StartAsync(CancellationToken.None);
        lifetime.Started.Cancel();
        await TicksAsync(5);
        systemd.Heard.ShouldBeEmpty();

        loop.Expect(Interval);
        loop.Turned();

        await HearsAsync("READY=1 WATCHDOG=1");
    }

    [Fact]
    public async Task Service_WhosePartsHaveNotStarted_IsNotReady()
    {
        await reporter.StartAsync(CancellationToken.None);
        loop.Turned();
        await TicksAsync(5);
        systemd.Heard.ShouldBeEmpty();

        lifetime.Started.Cancel();

        await HearsAsync("READY=1");
    }

    [Fact]
    public async Task Loop_ThatHangs_GivesNoSignOfLifeUntilItTurnsAgain()
    {
        await reporter.StartAsync(CancellationToken.None);
        lifetime.Started.Cancel();
        loop.Expect(Interval * 1.2);
        loop.Turned();
        await HearsAsync("READY=1 WATCHDOG=1");
        time.Advance(Interval / 2);
        await HearsAsync("READY=1 WATCHDOG=1 WATCHDOG=1");
        time.Advance(Interval / 2);
        await HearsAsync("READY=1 WATCHDOG=1 WATCHDOG=1 WATCHDOG=1");

        await TicksAsync(20);
        await HearsAsync("READY=1 WATCHDOG=1 WATCHDOG=1 WATCHDOG=1");

        loop.Expect(Interval);
        time.Advance(Interval / 2);
        await HearsAsync("READY=1 WATCHDOG=1 WATCHDOG=1 WATCHDOG=1 WATCHDOG=1");
    }

    [Fact]
    public async Task Service_ThatStops_SaysSo()
    {
        await reporter.StartAsync(CancellationToken.None);
        lifetime.Stopping.Cancel();
        await HearsAsync("STOPPING=1");
    }

    /// <summary>The service is whole, whatever hinders it from saying so: the next sign of life comes in its time.</summary>
    [Fact]
    public async Task Systemd_ThatCannotBeTold_IsToldTheNextTime()
    {
        systemd.Failure = new InvalidOperationException("thrown by the test");
        await reporter.StartAsync(CancellationToken.None);
        lifetime.Started.Cancel();
        loop.Expect(Interval);
        loop.Turned();

        await HearsAsync("WATCHDOG=1");
        reporter.ExecuteTask!.IsFaulted.ShouldBeFalse();
    }

    public async ValueTask DisposeAsync()
    {
        await reporter.StopAsync(CancellationToken.None);
        reporter.Dispose();
        lifetime.Dispose();
    }

    private Task HearsAsync(string all) => Eventually.HoldsAsync(() => string.Join(' ', systemd.Heard) == all, $"{all} is said");

    private async Task TicksAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            time.Advance(Interval / 2);
            await Task.Yield();
        }
    }

    private sealed class Listener : ISystemdNotifier
    {
        public ConcurrentQueue<string> Heard { get; } = new();

        public bool IsEnabled => true;

        /// <summary>What is thrown at the next thing that is said; null for nothing.</summary>
        public Exception? Failure { get; set; }

        public void Notify(ServiceState state)
        {
            if (Failure is { } error)
            {
                Failure = null;
                throw error;
            }

            Heard.Enqueue(state.ToString());
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        public CancellationTokenSource Started { get; } = new();

        public CancellationTokenSource Stopping { get; } = new();

        public CancellationToken ApplicationStarted => Started.Token;

        public CancellationToken ApplicationStopping => Stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => Stopping.Cancel();

        public void Dispose()
        {
            Started.Dispose();
            Stopping.Dispose();
        }
    }
}
