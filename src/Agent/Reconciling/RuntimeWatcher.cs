using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Ports.Containers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>Turns the runtime's events into hints. A container that ends every second does not keep the device busy: hints are spaced.</summary>
internal sealed partial class RuntimeWatcher(
    AgentOptions options, IContainerRuntime runtime, AgentSignals signals, Jitter jitter, TimeProvider time, ILogger<RuntimeWatcher> logger) : BackgroundService
{
    private readonly LogThrottle complaints = new(TimeSpan.FromHours(1));
    private Task hint = Task.CompletedTask;
    private long hintedAt = long.MinValue;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await foreach (var _ in runtime.EventsAsync(ContainerLabels.Device, options.Device.Value, stoppingToken))
                {
                    failures = 0;
                    Hint(stoppingToken);
                }
            }
            catch (ContainerRuntimeException broken)
            {
                if (complaints.Admits(broken.Message, time.GetElapsedTime(0)))
                {
                    LogBroken(broken.Message);
                }
            }

            await Task.Delay(options.BackOff.After(Math.Max(1, failures), jitter.Fraction()), time, stoppingToken);
            signals.Reconcile.Set(); // What happened in between was not heard.
        }
    }

    private void Hint(CancellationToken cancellationToken)
    {
        if (hint.IsCompleted)
        {
            var since = hintedAt == long.MinValue ? options.HintInterval : time.GetElapsedTime(hintedAt);
            hint = HintAsync(since >= options.HintInterval ? TimeSpan.Zero : options.HintInterval - since, cancellationToken);
        }
    }

    private async Task HintAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        hintedAt = time.GetTimestamp();
        signals.Reconcile.Set();
    }
}
