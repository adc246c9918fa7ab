using System.Collections.Immutable;
using Harmony.Fleet.Agent.Timing;

namespace Harmony.Fleet.Agent.Health;

/// <summary>What is not well on the device.</summary>
internal sealed class DeviceHealth(AgentSignals signals)
{
    private ImmutableSortedSet<HealthFlag> flags = [];

    /// <summary>The flags that are up, by name.</summary>
    public ImmutableArray<string> Names => [.. Volatile.Read(ref flags).Select(flag => flag.ToString())];

    /// <summary>Puts a flag up or down.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Set(HealthFlag flag, bool isUp)
    {
        var isNews = ImmutableInterlocked.Update(ref flags, set => isUp ? set.Add(flag) : set.Remove(flag));
        if (isNews)
        {
            signals.Info.Set();
        }

        return isNews;
    }
}

/// <summary>What can be unwell on a device; the names are what its info says.</summary>
internal enum HealthFlag
{
    /// <summary>Podman does not answer.</summary>
    PodmanUnavailable,

    /// <summary>The kept state was damaged, and no manifest was fetched since.</summary>
    StateCorrupt,

    /// <summary>State cannot be kept: manifests are not taken.</summary>
    StateNotWritable,

    /// <summary>A score is used and could not be kept: without a network the next start would miss it.</summary>
    ScoresNotKept,
}
