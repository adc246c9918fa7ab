namespace Harmony.Fleet.Cli.Waiting;

/// <summary>What is waited for.</summary>
internal enum WaitGoal
{
    /// <summary>The operator observed the spec as it is, and every matched reachable device succeeded.</summary>
    Converged,

    /// <summary>There is no such deployment any more, or another one of its name.</summary>
    Deleted,
}
