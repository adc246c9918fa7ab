using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Readiness;

/// <summary>Whether the store takes writes: not on a full disk, nor on one that is mounted read-only or hangs. Found out by writing, though nobody else does.</summary>
/// <param name="history">The store.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where failures go that none should be.</param>
internal sealed class StoreProbe(IStoreHistory history, TimeProvider time, ILogger<StoreProbe> logger) : BackgroundService, IReadinessCheck
{
    /// <summary>How often it is written to.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly UnexpectedFailures unexpected = new("the probe of the store", time, logger);
    private volatile string? problem;

    /// <inheritdoc/>
    public string Name => "store";

    /// <inheritdoc/>
    public string? Missing() => history.WriteProblem ?? problem;

    /// <summary>Writes once.</summary>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await history.ProbeAsync(cancellationToken);
            problem = null;
            unexpected.Passed();
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // This goes on, and finds out when it is over.
            problem = $"Whether the store takes writes is not known: {error.Message}";
            unexpected.Tell(error);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await ProbeAsync(stoppingToken);
        }
    }
}
