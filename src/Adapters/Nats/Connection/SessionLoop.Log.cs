using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <content>What a connection logs: events 3100-3119.</content>
internal sealed partial class SessionLoop
{
    [LoggerMessage(3100, LogLevel.Information, "Connected to NATS at {Server} (nats-server {Version}, client {ClientId}, connection number {Connects})")]
    private partial void LogUp(Uri server, string? version, ulong? clientId, long connects);

    [LoggerMessage(3101, LogLevel.Warning, "The connection to NATS at {Server} is lost: {Reason}")]
    private partial void LogDown(Uri server, string reason);

    [LoggerMessage(3102, LogLevel.Warning, "No connection to NATS, next attempt in {Delay}, and so on until there is one: {Reason}")]
    private partial void LogRetry(TimeSpan delay, string reason);

    [LoggerMessage(3103, LogLevel.Warning, "NATS refused something, and the connection goes on: {Message}")]
    private partial void LogNotice(string message);

    [LoggerMessage(3104, LogLevel.Information, "NATS at {Server} is going away (lame duck mode)")]
    private partial void LogLameDuck(Uri server);

    [LoggerMessage(3105, LogLevel.Error, "An attempt to connect to NATS failed in a way that it should not")]
    private partial void LogBug(Exception failure);
}
