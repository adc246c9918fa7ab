using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Control.Executors;

internal sealed partial class ManifestWriter
{
    [LoggerMessage(2072, LogLevel.Information, "Manifest {Generation} of {Device} was not stored: the key has revision {Revision} by now; looking again")]
    private static partial void LogConflict(ILogger logger, DeviceId device, Generation generation, ulong revision);

    [LoggerMessage(2073, LogLevel.Warning, "Could not store manifest {Generation} of {Device}; trying again: {Outcome}")]
    private static partial void LogNotStored(ILogger logger, DeviceId device, Generation generation, object outcome);
}
