using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Hosting.Systemd;

/// <summary>
/// Tells systemd how a service is: ready once its loop has turned, stopping, and, where the unit has a watchdog, that it lives, as long as
/// its loop does. The library knows the first two and no watchdog.
/// </summary>
internal sealed partial class SystemdReporter(
    ISystemdNotifier systemd, LoopLiveness loop, Watchdog watchdog, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SystemdReporter> logger)
    : BackgroundService
{
    private static readonly ServiceState Alive = new("WATCHDOG=1");
    private bool isHanging;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => Tell(ServiceState.Stopping, nameof(ServiceState.Stopping)));
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await StartedAsync(stoppingToken);
        await loop.FirstTurn.WaitAsync(stoppingToken);
        Tell(ServiceState.Ready, nameof(ServiceState.Ready));
        LogReady();
        if (!systemd.IsEnabled || watchdog.Interval is not { } interval)
        {
            return;
        }

        using var timer = new PeriodicTimer(interval / 2, time);
        do
        {
            Watch();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Watch()
    {
        if (loop.IsFresh)
        {
            Tell(Alive, nameof(Alive));
        }

        if (loop.IsFresh == isHanging)
        {
            isHanging = !isHanging;
            (isHanging ? (Action)LogHangs : LogTurns)();
        }
    }

    private async Task StartedAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
    }

    private void Tell(ServiceState state, string word)
    {
        try
        {
            systemd.Notify(state);
        }
        catch (Exception error)
        {
            LogUntold(word, error.Message); // It says what it thinks of that by itself.
        }
    }
}
