using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Contracts.Bus;

/// <summary>Why a device did not take a manifest.</summary>
[JsonConverter(typeof(TolerantEnumConverter<RefusalReason>))]
public enum RefusalReason
{
    /// <summary>A reason from a newer agent.</summary>
    Unknown,

    /// <summary>Its generation is older than the held one.</summary>
    Stale,

    /// <summary>It has the held generation and other bytes.</summary>
    Forked,

    /// <summary>Its MAC is missing or wrong: not from this control plane, or for another device.</summary>
    BadMac,

    /// <summary>A score that it names is not to be had, or is not what its digest says.</summary>
    ScoreMissing,

    /// <summary>It is of a version that this agent does not know.</summary>
    TooNew,

    /// <summary>Its MAC is right, and yet it is no manifest of this device.</summary>
    Malformed,
}
