using System.Diagnostics.CodeAnalysis;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Keys;

/// <summary>What devices last said of themselves.</summary>
internal interface IDeviceDirectory
{
    /// <summary>The nonce that commands to <paramref name="device"/> must name: the one of its newest verified info.</summary>
    bool TryGetCommandNonce(DeviceId device, [NotNullWhen(true)] out string? nonce);
}
