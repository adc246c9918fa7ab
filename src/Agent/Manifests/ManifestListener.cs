using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Manifests;

/// <summary>
/// Listens for manifests (design D7): what the bucket republishes after storing is a hint that is taken at its word, since it is
/// authenticated; and the bucket itself is read at each connect and on a timer. A manifest that is missing, or cannot be read,
/// changes nothing.
/// </summary>
internal sealed partial class ManifestListener(
    AgentOptions options, IBus bus, ManifestStore manifests, BusPace pace, AgentSignals signals, Jitter jitter, TimeProvider time, ILogger<ManifestListener> logger) : BackgroundService
{
    private readonly LogThrottle complaints = new(TimeSpan.FromHours(1));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task[] loops = [ListenAsync(end.Token), ReadAsync(end.Token)];
        await Task.WhenAny(loops);
        await end.CancelAsync(); // One alone is no listener: whatever ended the first is to be seen.
        await Task.WhenAll(loops);
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var subscription = await bus.SubscribeAsync(Subjects.LiveDesired(options.Device), cancellationToken);
        var dropped = 0L;
        await foreach (var message in subscription.ReadAsync(cancellationToken))
        {
            if (await manifests.OfferAsync(message.Payload, message.Headers.Mac, cancellationToken) == OfferOutcome.NotKept || subscription.Dropped > dropped)
            {
                dropped = subscription.Dropped;
                signals.Manifest.Set();
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; ; )
        {
            failures = await IsReadAsync(cancellationToken) ? 0 : failures + 1;
            var wait = failures == 0 ? jitter.Around(options.ManifestInterval) : options.BackOff.After(failures, jitter.Fraction());
            await signals.Manifest.WaitAsync(wait, cancellationToken);
        }
    }

    private async Task<bool> IsReadAsync(CancellationToken cancellationToken)
    {
        if (!bus.Link.IsUp)
        {
            return true; // The next connect is a signal.
        }

        var began = time.GetTimestamp();
        var read = await bus.Bucket(BucketNames.DesiredState).GetAsync(options.Device.Value, cancellationToken);
        pace.Last = time.GetElapsedTime(began);
        switch (read)
        {
            case GetOutcome.Found found:
                complaints.Reset();
                return await manifests.OfferAsync(found.Entry.Value, found.Entry.Headers.Mac, cancellationToken) != OfferOutcome.NotKept;
            case GetOutcome.Unavailable unavailable:
                if (complaints.Admits(unavailable.Reason, time.GetElapsedTime(0)))
                {
                    LogUnavailable(unavailable.Reason);
                }

                return false;
            default:
                complaints.Reset();
                LogMissing();
                return true;
        }
    }
}
