using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>
/// A clock that moves only when it is told to. Beyond what its base does it says what waits: to move it before the other side began to
/// wait would be to no purpose.
/// </summary>
/// <param name="start">What it shows at first; nothing for 1970.</param>
public sealed class ManualTime(DateTimeOffset? start = null) : FakeTimeProvider(start ?? DateTimeOffset.UnixEpoch)
{
    private readonly Lock gate = new();
    private readonly List<WatchedTimer> timers = [];

    /// <summary>When all timers that wait are due, from now, the next one first.</summary>
    public IReadOnlyList<TimeSpan> Dues
    {
        get
        {
            lock (gate)
            {
                return [.. timers.Select(timer => timer.Due).OfType<DateTimeOffset>().Select(due => due - GetUtcNow()).Order()];
            }
        }
    }

    /// <summary>How far it was moved.</summary>
    public TimeSpan Passed => GetUtcNow() - Start;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this);
        timer.Start(base.CreateTimer(_ => { timer.Rang(); callback(state); }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets every wait of less than <paramref name="shorterThan"/> be over at once, until <paramref name="condition"/> holds.</summary>
    public Task PassAsync(TimeSpan shorterThan, Func<bool> condition, string what) => Eventually.HoldsAsync(
        () =>
        {
            if (!condition() && Dues is [var next, ..] && next < shorterThan)
            {
                Advance(next);
            }

            return condition();
        },
        what);

    private sealed class WatchedTimer(ManualTime time) : ITimer
    {
        private ITimer? inner;
        private TimeSpan every;

        /// <summary>When it rings next; null when it does not.</summary>
        public DateTimeOffset? Due { get; private set; }

        public void Start(ITimer timer) => inner = timer;

        public void Rang()
        {
            lock (time.gate)
            {
                Due = every > TimeSpan.Zero ? time.GetUtcNow() + every : null;
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                every = period;
                Due = dueTime < TimeSpan.Zero ? null : time.GetUtcNow() + dueTime;
                time.timers.Remove(this);
                time.timers.Add(this);
            }

            return inner!.Change(dueTime, period);
        }

        public void Dispose()
        {
            lock (time.gate)
            {
                time.timers.Remove(this);
            }

            inner!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
