using System.Collections.Immutable;
using Harmony.Fleet.Agent.Timing;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>What is not well on the device.</summary>
internal sealed class HealthBoard(AgentSignals signals)
{
    private ImmutableSortedSet<HealthFlag> flags = [];

    /// <summary>The flags that are up, by name.</summary>
    public ImmutableArray<string> Names => [.. Volatile.Read(ref flags).Select(flag => flag.ToString())];

    /// <summary>Puts a flag up or down.</summary>
    public void Set(HealthFlag flag, bool isUp)
    {
        if (ImmutableInterlocked.Update(ref flags, set => isUp ? set.Add(flag) : set.Remove(flag)))
        {
            signals.Info.Set();
        }
    }
}
