using System.Security.Cryptography;
using Harmony.Fleet.Operator.Control.Keys;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Sessions;

/// <summary>What asks devices.</summary>
internal static class SessionParts
{
    /// <summary>Under which key the sessions' own connection is registered.</summary>
    public const string Bus = "sessions";

    /// <summary>Registers <see cref="IDeviceCommands"/> over the <see cref="IBus"/> of the key <see cref="Bus"/>, the directory and the keys that are there.</summary>
    public static IServiceCollection AddDeviceCommands(this IServiceCollection services) => services
        .AddSingleton(new SessionIds(RandomNumberGenerator.Create()))
        .AddSingleton(new SessionTimes())
        .AddSingleton<IDeviceCommands>(provider => new DeviceCommands(
            provider.GetRequiredKeyedService<IBus>(Bus),
            provider.GetRequiredService<IDeviceDirectory>(),
            provider.GetRequiredService<DeviceKeyRing>(),
            provider.GetRequiredService<SessionIds>(),
            provider.GetRequiredService<SessionTimes>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DeviceCommands>>()));
}
