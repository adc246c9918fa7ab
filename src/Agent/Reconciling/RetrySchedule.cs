using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>Remembers what failed, and when it may be tried again. Owned by the reconciler's loop. Clocks that are set do not matter to it.</summary>
internal sealed class RetrySchedule(BackOff backOff, Jitter jitter, TimeProvider time)
{
    private static readonly TimeSpan TellInterval = TimeSpan.FromHours(1);

    private readonly Dictionary<DeploymentKey, Failure> failures = [];

    /// <summary>
    /// Notes a failure. What looks permanent (no such image, a name that is taken) is tried again like the rest: the device is not told when
    /// somebody mends it, and the runtime says the same of what it is still taking away.
    /// </summary>
    /// <returns>Whether that is news, or was told long ago.</returns>
    public bool Note(WorkSubject subject, string error)
    {
        var (last, now) = (Find(subject), time.GetTimestamp());
        var count = (last?.Count ?? 0) + 1;
        var isTold = last?.Error == error && time.GetElapsedTime(last.ToldAt, now) < TellInterval;
        failures[subject.Key] = new Failure(subject, count, error, now, backOff.After(count, jitter.Fraction()), isTold ? last!.ToldAt : now);
        return !isTold;
    }

    /// <summary>What went wrong last with exactly this; null when nothing did.</summary>
    public string? ErrorOf(WorkSubject subject) => Find(subject)?.Error;

    /// <summary>How long to wait before the next try; zero when it may be tried.</summary>
    public TimeSpan WaitOf(WorkSubject subject)
    {
        if (Find(subject) is not { } failure)
        {
            return TimeSpan.Zero;
        }

        var left = failure.Wait - time.GetElapsedTime(failure.At);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>It went well, or is not wanted any more.</summary>
    public void Forget(DeploymentKey key) => failures.Remove(key);

    /// <summary>What made them fail is over.</summary>
    public void ForgetAll() => failures.Clear();

    private Failure? Find(WorkSubject subject) => failures.GetValueOrDefault(subject.Key) is { } failure && failure.Subject == subject ? failure : null;

    private sealed record Failure(WorkSubject Subject, int Count, string Error, long At, TimeSpan Wait, long ToldAt);
}
