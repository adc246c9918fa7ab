using System.Threading.Channels;

namespace Harmony.Fleet.Operator.Control.Work;

/// <summary>Runs effects beside the control loop, a bounded number at once, and brings their results back to it.</summary>
internal sealed partial class WorkRunner(int limit, ChannelWriter<Action> results, ILogger logger)
{
    private int running;

    /// <summary>Whether another effect may begin.</summary>
    public bool HasRoom => running < limit;

    /// <summary>Begins an effect.</summary>
    /// <param name="effect">It.</param>
    /// <param name="failed">Run by the loop when it threw: its work is to be tried again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public void Start(Effect effect, Action failed, CancellationToken cancellationToken)
    {
        running++;
        _ = RunAsync(effect, failed, cancellationToken);
    }

    private async Task RunAsync(Effect effect, Action failed, CancellationToken cancellationToken)
    {
        Action result;
        try
        {
            // Never on the loop's own time: an adapter may answer at once, and slowly.
            await Task.Yield();
            result = await effect(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            // The loop outlives whatever an adapter throws: it is logged, and the work is tried again after a while.
            LogFailed(logger, error);
            result = failed;
        }

        // There is room for each running effect's result: the loop and its effects never wait for each other.
        results.TryWrite(() =>
        {
            running--;
            result();
        });
    }
}
