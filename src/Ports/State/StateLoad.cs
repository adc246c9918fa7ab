using System.Collections.Immutable;

namespace Harmony.Fleet.Ports.State;

/// <summary>What was found of an agent's state.</summary>
public abstract record StateLoad
{
    private StateLoad()
    {
    }

    /// <summary>The held manifest.</summary>
    /// <param name="Manifest">It.</param>
    /// <param name="Mended">What was damaged and mended from the second copy, one sentence each.</param>
    public sealed record Loaded(HeldManifest Manifest, ImmutableArray<string> Mended) : StateLoad;

    /// <summary>There is none: this agent never took a manifest.</summary>
    public sealed record Empty : StateLoad;

    /// <summary>There was one, and no copy of it can be read. What stands on the device must stay as it is.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Corrupt(string Reason) : StateLoad;

    /// <summary>It cannot be told: the folder cannot be read.</summary>
    /// <param name="Reason">One sentence, with what to do.</param>
    public sealed record Unreadable(string Reason) : StateLoad;
}
