namespace Harmony.Fleet.Operator.Control.Informers;

/// <summary>Has a watch of a bucket begin again before it is time. One that has not caught up yet does so first: what it has read may be gone since.</summary>
internal sealed class ResyncRequest
{
    private readonly Lock sync = new();
    private CancellationTokenSource? watch;
    private bool isAsked;

    /// <summary>All of the bucket is to be read again.</summary>
    public void Ask()
    {
        lock (sync)
        {
            isAsked = true;
            Carry();
        }
    }

    /// <summary>The present watch has caught up.</summary>
    /// <param name="ends">Ends it; null where it has not caught up, or there is none.</param>
    public void CaughtUp(CancellationTokenSource? ends)
    {
        lock (sync)
        {
            watch = ends;
            Carry();
        }
    }

    private void Carry()
    {
        if (isAsked && watch is { } ends)
        {
            (isAsked, watch) = (false, null);
            _ = ends.CancelAsync(); // What waits for it goes on elsewhere: whoever asks has other things to do.
        }
    }
}
