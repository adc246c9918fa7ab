using System.Collections.Immutable;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Core.Engine;

/// <summary>What came of a step.</summary>
/// <param name="Effects">What is to be done.</param>
/// <param name="Notices">What people are told.</param>
/// <param name="IsAllTaken">Whether nothing is left to decide now; otherwise the next step should follow at once.</param>
public readonly record struct FleetStep(ImmutableArray<FleetEffect> Effects, ImmutableArray<FleetNotice> Notices, bool IsAllTaken);
