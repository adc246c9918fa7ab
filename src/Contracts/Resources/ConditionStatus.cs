using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>Whether a condition holds.</summary>
[JsonConverter(typeof(TolerantEnumConverter<ConditionStatus>))]
public enum ConditionStatus
{
    /// <summary>It cannot be told.</summary>
    Unknown,

    /// <summary>It holds.</summary>
    True,

    /// <summary>It does not hold.</summary>
    False,
}
