using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>
/// At each new connection: a new nonce for commands, and everything is read and said again. What is to be done is read at once; what the device had said before
/// comes a little later, at a moment of its own: a server that came back has the logins of all of its devices to do first, and what changed for them.
/// </summary>
internal sealed partial class LinkWatcher(
    AgentOptions options, IBus bus, CommandNonce nonce, SignedBucket signed, AgentSignals signals, Jitter jitter, TimeProvider time, ILogger<LinkWatcher> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (seen, isDown) = (0L, false);
        await foreach (var link in bus.LinkChangesAsync(stoppingToken))
        {
            if (!link.IsUp)
            {
                if (!isDown)
                {
                    LogDown(link.Detail); // Each attempt is a state of its own, and the bus may be away for weeks.
                }

                isDown = true;
            }
            else if (link.Connects != seen)
            {
                var isFirst = seen == 0;
                (seen, isDown) = (link.Connects, false);
                nonce.Renew();
                LogUp(link.Detail);
                signals.Connected();
                if (isFirst)
                {
                    signals.Heartbeat.Set();
                }

                _ = SayAsync(isFirst ? TimeSpan.Zero : options.SayAgainWindow * jitter.Fraction(), stoppingToken);
            }
        }
    }

    /// <summary>
    /// Says who the device is, since the nonce is new, and that is a sign of life too: heartbeats go on as they went. What stands is said unless it changed
    /// meanwhile, and was said for that.
    /// </summary>
    private async Task SayAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        signals.Info.Set();
        if (!signed.IsSaid(BucketNames.DeviceState))
        {
            signals.Report.Set();
        }
    }
}
