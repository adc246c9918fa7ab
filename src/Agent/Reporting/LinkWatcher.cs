using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>At each new connection: a new nonce for commands, and everything is read and reported again.</summary>
internal sealed partial class LinkWatcher(IBus bus, CommandNonce nonce, AgentSignals signals, ILogger<LinkWatcher> logger) : BackgroundService
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
                (seen, isDown) = (link.Connects, false);
                nonce.Renew();
                LogUp(link.Detail);
                signals.Connected();
            }
        }
    }
}
