using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Operator.Control.Work;

namespace Harmony.Fleet.Operator.Control.Desired;

/// <summary>Sweeps the scores from time to time. It is only pumped while the operator has caught up.</summary>
internal sealed class SweepTimer(ScoreSweep sweep, ScoreBook scores, EffectRunners runners, ControlOptions options, TimeProvider time)
{
    private DateTimeOffset next = time.GetUtcNow() + options.SweepInterval;

    /// <summary>Begins a sweep when it is time.</summary>
    public void Pump(CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() < next || !runners.Bus.HasRoom)
        {
            return;
        }

        next = time.GetUtcNow() + options.SweepInterval;
        runners.Bus.Start(token => ReadAsync(cancellationToken, token), () => { }, cancellationToken);
    }

    private async Task<Action> ReadAsync(CancellationToken loop, CancellationToken cancellationToken)
    {
        var stored = await sweep.ReadAsync(cancellationToken);
        return () =>
        {
            // One a time: the next sweep takes the rest, where there is no room now.
            foreach (var address in sweep.Choose(stored, scores.IsNamed))
            {
                if (runners.Bus.HasRoom)
                {
                    runners.Bus.Start(token => RemoveAsync(address, token), () => { }, loop);
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
