namespace Harmony.Fleet.Operator.Control.Executors;

internal sealed partial class ScoreWriter
{
    [LoggerMessage(2051, LogLevel.Information, "Stored the score {Address} ({Bytes} bytes, encrypted)")]
    private static partial void LogStored(ILogger logger, string address, int bytes);

    [LoggerMessage(2052, LogLevel.Warning, "Something else stood at the address of the score {Address}; it is put right")]
    private static partial void LogForeign(ILogger logger, string address);
}
