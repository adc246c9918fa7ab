using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Operator.Control.Work;

namespace Harmony.Fleet.Operator.Control.Desired;

/// <summary>Sweeps the scores from time to time. It is only pumped while the operator has caught up.</summary>
internal sealed class SweepTimer(ScoreSweep sweep, ScoreBook scores, FrozenEntries frozen, LoopContext loop)
{
    private DateTimeOffset next = loop.Now + loop.Options.SweepInterval;

    /// <summary>Begins a sweep when it is time.</summary>
    public void Pump(CancellationToken cancellationToken)
    {
        if (loop.Now < next || !loop.Runners.Bus.HasRoom)
        {
            return;
        }

        next = loop.Now + loop.Options.SweepInterval;
        loop.Runners.Bus.Start(token => ReadAsync(token), () => { }, cancellationToken);
    }

    private async Task<Action> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await sweep.ReadAsync(cancellationToken);
        return () =>
        {
            // One a time: the next sweep takes the rest, where there is no room now.
            foreach (var address in sweep.Choose(stored, address => scores.IsNamed(address) || frozen.Names(address)))
            {
                if (loop.Runners.Bus.HasRoom)
                {
                    loop.Runners.Bus.Start(token => RemoveAsync(address, token), () => { }, cancellationToken);
                }
            }
        };
    }

    private async Task<Action> RemoveAsync(Digest address, CancellationToken cancellationToken)
    {
        await sweep.RemoveAsync(address, cancellationToken);
        return () => { };
    }
}
