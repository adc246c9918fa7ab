namespace Harmony.Fleet.Operator.Api;

internal sealed partial class RefusalTally
{
    [LoggerMessage(2503, LogLevel.Warning, "more requests were refused: {Counts}, within {Seconds} s")]
    private partial void LogUntold(string counts, double seconds);
}
