using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>What the administrator says of a device, and what it is made of.</summary>
public sealed record DeviceSpec
{
    /// <summary>The administrator's labels. They win over those that the device reports.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get => field ?? ImmutableSortedDictionary<string, string>.Empty; init; }

    /// <summary>Hardware and operating system, as the device last told; null until it has.</summary>
    public Inventory? Inventory { get; init; }
}
