namespace Harmony.Fleet.Operator.Readiness;

/// <summary>
/// Tells that a part of the operator failed as none should, which ends neither that part nor the operator: it goes on, and tries again. Told once, until it worked again or fails in
/// another way. For one owner.
/// </summary>
/// <param name="part">Which part, as the log names it.</param>
/// <param name="logger">Where it is told.</param>
internal sealed partial class UnexpectedFailures(string part, ILogger logger)
{
    private Type? told;

    /// <summary>It failed.</summary>
    public void Tell(Exception error)
    {
        if (told != error.GetType())
        {
            told = error.GetType();
            LogFailed(logger, part, error);
        }
    }

    /// <summary>It works: the next failure is told.</summary>
    public void Passed() => told = null;

    [LoggerMessage(2121, LogLevel.Error, "This failed unexpectedly, and is tried again until it works: {Part}")]
    private static partial void LogFailed(ILogger logger, string part, Exception error);
}
