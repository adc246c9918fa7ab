namespace Harmony.Fleet.Agent.Timing;

/// <summary>Says that something is to be looked at again. Any number of signals before a look are one. For one reader.</summary>
internal sealed class AutoResetSignal(TimeProvider time)
{
    private readonly Lock gate = new();
    private Waiter? waiting;
    private bool isSet;

    /// <summary>Something is to be looked at.</summary>
    public void Set()
    {
        Waiter? told;
        lock (gate)
        {
            (told, waiting) = (waiting, null);
            isSet = told is null;
        }

        told?.TrySetResult(true);
    }

    /// <summary>Waits for a signal, and not longer than <paramref name="atMost"/>.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (gate)
        {
            if (isSet)
            {
                isSet = false;
                return true;
            }

            waiting = waiter = new Waiter(this);
        }

        // An agent waits in a dozen places at a time, and each time anew: one timer and one registration are all that it takes.
        using var timer = time.CreateTimer(static waiter => ((Waiter)waiter!).Late(), waiter, atMost, Timeout.InfiniteTimeSpan);
        using var registration = cancellationToken.UnsafeRegister(static (waiter, token) => ((Waiter)waiter!).CallOff(token), waiter);
        return await waiter.Task;
    }

    /// <summary>One wait. Whoever takes it from its signal ends it, so that no signal is lost with it.</summary>
    private sealed class Waiter(AutoResetSignal signal) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public void Late()
        {
            if (IsTaken())
            {
                TrySetResult(false);
            }
        }

        public void CallOff(CancellationToken token)
        {
            if (IsTaken())
            {
                TrySetCanceled(token);
            }
        }

        private bool IsTaken()
        {
            lock (signal.gate)
            {
                var isMine = signal.waiting == this;
                signal.waiting = isMine ? null : signal.waiting;
                return isMine;
            }
        }
    }
}
