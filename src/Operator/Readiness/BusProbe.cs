using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Readiness;

/// <summary>
/// Whether JetStream takes writes: after its disk was full a server refuses every one, while its connections stand and its reads are answered. Found out by writing
/// one key of a bucket that no device reads and nobody watches.
/// </summary>
/// <param name="bus">The bus.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where failures go that none should be.</param>
internal sealed class BusProbe(IBus bus, TimeProvider time, ILogger<BusProbe> logger) : BackgroundService, IReadinessCheck
{
    /// <summary>The key, which is no score's.</summary>
    public const string Key = "probe";

    /// <summary>How often it is written.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>So many in a row: one may be lost on the way.</summary>
    private const int Failures = 2;

    private readonly UnexpectedFailures unexpected = new("the probe of JetStream", time, logger);
    private volatile string? problem;
    private int failed;

    /// <inheritdoc/>
    public string Name => "jetstream";

    /// <summary>Without a link another check says so, and nothing is known here.</summary>
    public string? Missing() => bus.Link.IsUp && problem is { } reason ? $"JetStream takes no writes, though NATS is connected: {reason}" : null;

    /// <summary>Writes once.</summary>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (!bus.Link.IsUp)
        {
            (problem, failed) = (null, 0);
            return;
        }

        var reason = await TryAsync(cancellationToken);
        failed = reason is null ? 0 : failed + 1;
        problem = failed >= Failures ? reason : null;
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

    /// <summary>Whatever is thrown takes no writes either: this goes on, and finds out when that is over.</summary>
    private async Task<string?> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var reason = await WriteAsync(bus.Bucket(BucketNames.Scores), cancellationToken);
            unexpected.Passed();
            return reason;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            unexpected.Tell(error);
            return error.Message;
        }
    }

    private static async Task<string?> WriteAsync(IBucket bucket, CancellationToken cancellationToken)
    {
        var put = await bucket.GetAsync(Key, cancellationToken) switch
        {
            GetOutcome.Found found => await bucket.UpdateAsync(Key, "probe"u8.ToArray(), found.Entry.Revision, BusHeaders.None, cancellationToken),
            GetOutcome.Missing => await bucket.CreateAsync(Key, "probe"u8.ToArray(), BusHeaders.None, cancellationToken),
            GetOutcome.Unavailable away => new PutOutcome.Unavailable(away.Reason),
            var other => throw new InvalidOperationException($"The outcome {other} is not handled."),
        };
        return put switch
        {
            PutOutcome.Unavailable away => away.Reason,
            PutOutcome.Rejected rejected => rejected.Reason,
            _ => null,
        };
    }
}
