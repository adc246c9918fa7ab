namespace Harmony.Fleet.Core.Aggregation;

/// <summary>How one deployment stands on one device that it matches. Each pair is in exactly one of these.</summary>
public enum PairState : byte
{
    /// <summary>Reachable, and on its way.</summary>
    Pending,

    /// <summary>Reachable, and Running with the uid and score digest that the manifest names.</summary>
    Succeeded,

    /// <summary>Reachable, and Failed with the current score.</summary>
    Failed,

    /// <summary>Not reachable: what it runs cannot be told.</summary>
    Unreachable,
}
