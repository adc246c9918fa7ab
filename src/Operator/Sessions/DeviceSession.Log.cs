using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Sessions;

/// <content>What is logged.</content>
internal sealed partial class DeviceSession
{
    [LoggerMessage(EventId = 2401, Level = LogLevel.Warning, Message = "A message to session {Session} of device {Device} is ignored: {Reason}")]
    private partial void LogIgnored(DeviceId device, string session, string reason);
}
