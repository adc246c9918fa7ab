using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Sessions;

/// <content>What is logged.</content>
internal sealed partial class DeviceSession
{
    [LoggerMessage(EventId = 2401, Level = LogLevel.Warning, Message = "A message to session {Session} of device {Device} is ignored: {Reason}")]
    private partial void LogIgnored(DeviceId device, string session, string reason);

    [LoggerMessage(EventId = 2402, Level = LogLevel.Warning, Message = "{Count:N0} more messages to session {Session} of device {Device} were ignored")]
    private partial void LogIgnoredMore(DeviceId device, string session, int count);
}
