using System.Collections.Immutable;
using Harmony.Fleet.Agent.Health;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Hosting.Systemd;
using Harmony.Fleet.Ports.Containers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>
/// The loop that owns what stands: looks at it, compares it with what should, and has the difference carried out. Every trigger is
/// a hint only; it looks again on a timer whatever was told.
/// </summary>
internal sealed partial class Reconciler(
    AgentOptions options,
    IContainerRuntime runtime,
    DesiredSource source,
    Dispatcher dispatcher,
    DeviceHealth health,
    AgentSignals signals,
    LoopLiveness liveness,
    Jitter jitter,
    TimeProvider time,
    ILogger<Reconciler> logger) : BackgroundService
{
    /// <summary>The longest that a look may take, with every call to a slow runtime running into its own limit.</summary>
    private static readonly TimeSpan LookLimit = TimeSpan.FromMinutes(5);

    /// <summary>How late a wait may end on a machine that is busy.</summary>
    private static readonly TimeSpan OverdueLimit = TimeSpan.FromSeconds(30);

    private readonly LogThrottle complaints = new(TimeSpan.FromHours(1));
    private int looksFailed;
    private bool hasLooked;
    private bool isAway;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var wait = await RoundAsync(stoppingToken);
                liveness.Turned();
                liveness.Expect(wait + OverdueLimit);
                await signals.Reconcile.WaitAsync(wait, stoppingToken);
            }
        }
        finally
        {
            await dispatcher.DrainAsync();
        }
    }

    /// <summary>One round; says how long to wait for the next without any hint.</summary>
    private async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        liveness.Expect(LookLimit);
        dispatcher.Reap();
        var look = await runtime.ObserveAsync(ContainerLabels.Device, options.Device.Value, cancellationToken);
        liveness.Expect(TimeSpan.Zero); // From here on nothing is asked but this device's own disk.
        var desired = await source.ReadAsync(cancellationToken);
        if (!look.IsOk)
        {
            return Away(look.Fault, desired ?? []);
        }

        Back();
        var now = time.GetUtcNow(); // One for the whole round: what is left alone now is waited for, to the end.
        var plan = desired is { } wanted
            ? Planner.Make(options.Device, wanted.Select(item => item.Deployment), look.Value, now)
            : KeepAlive.Make(options.Device, look.Value, now);
        var standing = look.Value
            .Select(container => (Key: Ownership.DeploymentOf(container, options.Device), Container: container))
            .Where(pair => pair.Key is not null)
            .ToLookup(pair => pair.Key!.Value, pair => pair.Container);
        var wait = dispatcher.Dispatch(plan, desired ?? [], standing, now, cancellationToken);
        var resync = jitter.Around(options.ResyncInterval);
        return wait < resync ? wait.Value : resync;
    }

    /// <summary>The runtime does not answer. Once is a hiccup; twice, or at the start, it is away, and nothing is said to run.</summary>
    private TimeSpan Away(Fault failure, ImmutableArray<DesiredItem> desired)
    {
        looksFailed++;
        if (looksFailed > 1 || !hasLooked)
        {
            isAway = true;
            var why = failure.ToString();
            if (complaints.Admits(why, time.GetElapsedTime(0)))
            {
                LogAway(why);
            }

            health.Set(HealthFlag.PodmanUnavailable, true);
            dispatcher.Blind(desired, $"Podman does not answer: {why}");
        }

        var wait = options.BackOff.After(looksFailed, jitter.Fraction());
        return wait < options.ResyncInterval ? wait : options.ResyncInterval;
    }

    /// <summary>The runtime answers. What failed while it was away may be tried at once; after a hiccup, each failure waits as before.</summary>
    private void Back()
    {
        if (isAway)
        {
            LogBack();
            complaints.Reset();
            dispatcher.Unblind();
            health.Set(HealthFlag.PodmanUnavailable, false);
        }

        (looksFailed, hasLooked, isAway) = (0, true, false);
    }
}
