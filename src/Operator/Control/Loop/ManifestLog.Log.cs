using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Control.Loop;

internal sealed partial class ManifestLog
{
    [LoggerMessage(2071, LogLevel.Information, "Stored manifest {Generation} of {Device} ({Bytes} bytes): {Why}")]
    private static partial void LogStored(ILogger logger, Generation generation, DeviceId device, int bytes, string why);

    [LoggerMessage(2074, LogLevel.Information, "Stored {Count:N0} manifests, the last {Generation} of {Device}: {Why}")]
    private static partial void LogMany(ILogger logger, int count, Generation generation, DeviceId device, string why);
}
