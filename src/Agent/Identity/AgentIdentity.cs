using System.Security.Cryptography;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Agent.Identity;

/// <summary>Who this run of the agent is.</summary>
internal sealed class AgentIdentity(DeviceId device, DeviceKeys keys, string instance, string version, TimeProvider time)
{
    private readonly long started = time.GetTimestamp();

    /// <summary>The device.</summary>
    public DeviceId Device { get; } = device;

    /// <summary>The keys that it shares with its control plane.</summary>
    public DeviceKeys Keys { get; } = keys;

    /// <summary>Random, new at each start.</summary>
    public string Instance { get; } = instance;

    /// <summary>The agent's version.</summary>
    public string Version { get; } = version;

    /// <summary>How long it runs; clocks that are set do not change it.</summary>
    public TimeSpan Uptime => time.GetElapsedTime(started);
}

/// <summary>The nonce that commands must name: new at each connection, so that a command from before is worth nothing.</summary>
internal sealed class CommandNonce
{
    private const int Characters = 32;
    private volatile string current = Draw();

    /// <summary>The nonce of the present connection.</summary>
    public string Current => current;

    /// <summary>A connection was made: earlier nonces are worth nothing from now on.</summary>
    public void Renew() => current = Draw();

    private static string Draw() => RandomNumberGenerator.GetHexString(Characters, lowercase: true);
}
