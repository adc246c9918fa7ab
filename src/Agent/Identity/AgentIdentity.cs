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
