using System.Collections.Immutable;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>What became of a deployment's plan.</summary>
/// <param name="Subject">What it was about.</param>
/// <param name="FailedEffect">The effect that failed; null when none did.</param>
/// <param name="Failure">Why; null when all went well, or when it was called off.</param>
/// <param name="Made">The ids of the containers that were made.</param>
internal sealed record WorkResult(WorkSubject Subject, Effect? FailedEffect, RuntimeFailure? Failure, ImmutableHashSet<string> Made)
{
    /// <summary>Whether it was called off.</summary>
    public bool IsCalledOff { get; init; }
}
