namespace Harmony.Fleet.Operator.Readiness;

/// <summary>
/// Tells that a part of the operator failed as none should, which ends neither that part nor the operator: it goes on, and tries again. Told at once, and again each few minutes until it
/// works; at once also where it fails in another way, but for what differs by its message alone: a minute later at the soonest, as that may be another one each time. For one owner.
/// </summary>
/// <param name="part">Which part, as the log names it.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it is told.</param>
internal sealed partial class UnexpectedFailures(string part, TimeProvider time, ILogger logger)
{
    /// <summary>How often the same is told.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromMinutes(5);

    /// <summary>How often another message of the same kind is.</summary>
    public static readonly TimeSpan Other = TimeSpan.FromMinutes(1);

    private (Type Kind, string Message, long At)? told;

    /// <summary>It failed.</summary>
    public void Tell(Exception error)
    {
        if (told is { } last && last.Kind == error.GetType() && time.GetElapsedTime(last.At) < (last.Message == error.Message ? Again : Other))
        {
            return;
        }

        told = (error.GetType(), error.Message, time.GetTimestamp());
        LogFailed(logger, part, error);
    }

    /// <summary>It works: the next failure is told.</summary>
    public void Passed() => told = null;

    [LoggerMessage(2121, LogLevel.Error, "This failed unexpectedly, and is tried again until it works: {Part}")]
    private static partial void LogFailed(ILogger logger, string part, Exception error);
}
