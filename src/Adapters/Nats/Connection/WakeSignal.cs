using System.Threading.Tasks.Sources;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Wakes one sleeper, over and over, without allocating. The owner's lock decides who arms and who sets: each arming is set once.</summary>
internal sealed class WakeSignal : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core;

    /// <summary>Goes to sleep.</summary>
    public ValueTask<bool> Arm()
    {
        _core.Reset();
        return new(this, _core.Version);
    }

    /// <summary>Wakes the sleeper.</summary>
    /// <param name="goOn">What it is told.</param>
    /// <param name="inline">Whether it goes on right here, on the caller's thread, up to where it waits next.</param>
    public void Set(bool goOn, bool inline)
    {
        _core.RunContinuationsAsynchronously = !inline;
        _core.SetResult(goOn);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
