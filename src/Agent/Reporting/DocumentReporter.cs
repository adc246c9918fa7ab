using Harmony.Fleet.Agent.Hosting;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>Keeps one document of the device on the bus current: put at each connect and when it changed, tried again until it is stored.</summary>
internal abstract partial class DocumentReporter(
    AgentOptions options, IBus bus, SignedBucket signed, Signal changed, Jitter jitter, TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>Without a signal nothing changed.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromDays(1);

    /// <summary>The bucket.</summary>
    protected abstract string Bucket { get; }

    /// <summary>What its MAC says that it is.</summary>
    protected abstract string Kind { get; }

    /// <summary>How long changes are gathered.</summary>
    protected abstract TimeSpan Delay { get; }

    /// <summary>The document as it is now.</summary>
    protected abstract ValueTask<byte[]> WriteAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; ; )
        {
            await changed.WaitAsync(failures == 0 ? Idle : options.BackOff.After(failures, jitter.Fraction()), stoppingToken);
            await Task.Delay(Delay, time, stoppingToken);
            failures = !bus.Link.IsUp || await IsStoredAsync(stoppingToken) ? 0 : failures + 1; // When it is down, the next connect is a signal.
        }
    }

    private async Task<bool> IsStoredAsync(CancellationToken cancellationToken)
    {
        switch (await signed.PutAsync(Bucket, Kind, await WriteAsync(cancellationToken), cancellationToken))
        {
            case PutOutcome.Stored:
                return true;
            case PutOutcome.Unavailable unavailable:
                LogUnavailable(logger, Bucket, unavailable.Reason);
                return false;
            case PutOutcome.Rejected rejected:
                LogRejected(logger, Bucket, rejected.Reason);
                return false;
            default:
                return false;
        }
    }
}
