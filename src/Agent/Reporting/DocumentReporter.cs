using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>
/// Keeps one document of the device on the bus current: put at each connect and when it changed, tried again until it is stored. From time to time it is put
/// again as it is: the bus may have lost it while the connection stood, and then the next operator would know nothing of the device.
/// </summary>
/// <typeparam name="TDocument">Which document.</typeparam>
internal sealed partial class DocumentReporter<TDocument>(
    TDocument document, AgentOptions options, IBus bus, SignedBucket signed, BusPace pace, Jitter jitter, TimeProvider time, ILogger<TDocument> logger) : BackgroundService
    where TDocument : IReportedDocument
{
    /// <summary>However slow the bus is, what changed waits no longer than this.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    private readonly LogThrottle complaints = new(TimeSpan.FromHours(1));
    private byte[]? stored;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; ; )
        {
            var isChanged = await document.Changed.WaitAsync(failures == 0 ? jitter.Around(options.RestateInterval) : options.BackOff.After(failures, jitter.Fraction()), stoppingToken);
            await Task.Delay(Delay(), time, stoppingToken);
            stored = isChanged || failures > 0 ? null : stored;
            failures = !bus.Link.IsUp || await IsStoredAsync(stoppingToken) ? 0 : failures + 1; // When it is down, the next connect is a signal.
        }
    }

    /// <summary>How long changes are gathered: as long as the bus took for its last answer, so that one with too much to do is not told of each step on the way.</summary>
    private TimeSpan Delay() => TimeSpan.FromTicks(Math.Max(document.Delay.Ticks, Math.Min(pace.Last.Ticks, LongestDelay.Ticks)));

    /// <summary>Stores it; what nothing changed about as it is, so that it is no news.</summary>
    private async Task<bool> IsStoredAsync(CancellationToken cancellationToken)
    {
        var bytes = stored ?? await document.WriteAsync(cancellationToken);
        var began = time.GetTimestamp();
        var put = await signed.PutAsync(document.Bucket, document.Kind, bytes, cancellationToken);
        pace.Last = time.GetElapsedTime(began);
        switch (put.Outcome)
        {
            case PutOutcome.Stored:
                stored = bytes;
                document.Stored();
                complaints.Reset();
                return true;
            case PutOutcome.Unavailable unavailable when complaints.Admits(unavailable.Reason, time.GetElapsedTime(0)):
                LogUnavailable(document.Bucket, unavailable.Reason);
                return false;
            case PutOutcome.Rejected rejected when complaints.Admits(rejected.Reason, time.GetElapsedTime(0)):
                LogRejected(document.Bucket, rejected.Reason);
                return false;
            default:
                return false;
        }
    }
}
