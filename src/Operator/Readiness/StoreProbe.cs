using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Readiness;

/// <summary>Whether the store takes writes: not on a full disk, nor on one that is mounted read-only or hangs. Found out by writing, though nobody else does.</summary>
/// <param name="history">The store.</param>
/// <param name="time">The clock.</param>
internal sealed class StoreProbe(IStoreHistory history, TimeProvider time) : BackgroundService, IReadinessCheck
{
    /// <summary>How often it is written to.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Name => "store";

    /// <inheritdoc/>
    public string? Missing() => history.WriteProblem;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await history.ProbeAsync(stoppingToken);
        }
    }
}
