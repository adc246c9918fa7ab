namespace Harmony.Fleet.Operator.Api;

internal sealed partial class RequestLog
{
    [LoggerMessage(2502, LogLevel.Information, "{Method} {Path}: {Status} in {Milliseconds:F1} ms")]
    private partial void LogRequest(string method, string path, int status, double milliseconds);
}
