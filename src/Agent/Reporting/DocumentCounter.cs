using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.State;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>
/// Numbers all that the device says, so that an old document that somebody puts again is never news. A start is one higher than the last, and not below the
/// clock's seconds: where the last one was lost, the clock still knows better.
/// </summary>
internal sealed partial class DocumentCounter(IAgentStateStore state, AgentSignals signals, TimeProvider time, ILogger<DocumentCounter> logger) : IDisposable
{
    /// <summary>Clocks are slewed all the time; one that is put forward by more was wrong when the boot began.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim one = new(1, 1);
    private long boot;
    private long sequence;
    private DateTimeOffset origin;

    /// <summary>When the clock would have shown that the machine started.</summary>
    private DateTimeOffset Origin => time.GetUtcNow() - time.GetElapsedTime(0);

    /// <summary>The place of the next document.</summary>
    public async ValueTask<DocumentOrder> NextAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            if (boot == 0 || Origin - origin > Slack)
            {
                await BeginAsync(cancellationToken);
            }

            return new DocumentOrder(boot, ++sequence);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Another agent with this identity, whose boot may be higher, spoke and is gone: all is said again, above what that one said.</summary>
    public async Task BeginAnewAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            await BeginAsync(cancellationToken);
        }
        finally
        {
            one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var (isFirst, now) = (boot == 0, time.GetUtcNow().ToUnixTimeSeconds());
        var begun = await state.BeginBootAsync(Math.Max(boot + 1, now), cancellationToken);
        (boot, origin) = (begun.Boot, Origin);
        if (begun.NotKept is { } reason)
        {
            LogNotKept(reason);
        }

        if (!isFirst)
        {
            signals.Info.Set();
            signals.Report.Set();
        }
    }
}
