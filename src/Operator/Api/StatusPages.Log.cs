namespace Harmony.Fleet.Operator.Api;

internal sealed partial class StatusPages
{
    [LoggerMessage(2501, LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogFault(string method, string path, Exception error);
}
