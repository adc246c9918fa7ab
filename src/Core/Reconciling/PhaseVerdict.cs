using Harmony.Fleet.Contracts.Bus;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>How far a deployment is, and what is wrong with it.</summary>
/// <param name="Phase">How far it is.</param>
/// <param name="Error">What is wrong, at most <see cref="WireLimits.MaxErrorBytes"/> long; null when nothing is.</param>
public readonly record struct PhaseVerdict(Phase Phase, string? Error);
