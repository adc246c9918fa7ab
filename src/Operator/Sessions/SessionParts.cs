using System.Buffers.Text;
using System.Security.Cryptography;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Operator.Keys;
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

/// <summary>How long devices are waited for.</summary>
internal sealed record SessionTimes
{
    /// <summary>For the first frame of an answer.</summary>
    public TimeSpan FirstFrame { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For the next frame of a running session: a device that has nothing to send says so every few seconds.</summary>
    public TimeSpan Silence { get; init; } = CommandLimits.Lease;
}

/// <summary>Names of sessions, which nobody can guess: the reply subject is made of them.</summary>
/// <param name="random">Where they come from.</param>
internal sealed class SessionIds(RandomNumberGenerator random)
{
    private const int Bytes = 16;

    /// <summary>A new one: 22 characters of base64url.</summary>
    public string Next()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        random.GetBytes(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
