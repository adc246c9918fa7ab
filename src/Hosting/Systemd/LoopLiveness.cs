namespace Harmony.Fleet.Hosting.Systemd;

/// <summary>
/// Whether the loop that a service lives by has begun, and still turns. Before each step the loop says how long that may take; a loop that
/// is not back by then hangs. One loop writes, anybody reads.
/// </summary>
/// <param name="time">The time; clocks that are set do not matter.</param>
/// <param name="watchdog">What systemd asks for: no step is granted less than that.</param>
public sealed class LoopLiveness(TimeProvider time, Watchdog watchdog)
{
    private readonly TaskCompletionSource turned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long deadline = long.MinValue;

    /// <summary>Ends when the loop has turned once.</summary>
    public Task FirstTurn => turned.Task;

    /// <summary>Whether the loop is where it said it would be.</summary>
    public bool IsFresh => time.GetTimestamp() <= Volatile.Read(ref deadline);

    /// <summary>The loop begins a step, and will be back within <paramref name="within"/>, or the watchdog's interval where that is longer.</summary>
    public void Expect(TimeSpan within)
    {
        var granted = watchdog.Interval is { } least && least > within ? least : within;
        Volatile.Write(ref deadline, time.GetTimestamp() + (long)(granted.TotalSeconds * time.TimestampFrequency));
    }

    /// <summary>The loop has turned once: whatever it is for works.</summary>
    public void Turned() => turned.TrySetResult();
}
