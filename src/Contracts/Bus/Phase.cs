using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Contracts.Bus;

/// <summary>How far a deployment is on one device.</summary>
[JsonConverter(typeof(TolerantEnumConverter<Phase>))]
public enum Phase
{
    /// <summary>A phase from a newer agent; counts as pending.</summary>
    Unknown,

    /// <summary>Named by the manifest, not begun.</summary>
    Pending,

    /// <summary>Its images are being pulled.</summary>
    Pulling,

    /// <summary>Its containers are being made.</summary>
    Initializing,

    /// <summary>Containers of an older score are being replaced.</summary>
    Upgrading,

    /// <summary>All containers stand as the score says (one that may end by its restart policy and ended with 0 counts too).</summary>
    Running,

    /// <summary>It could not be brought up; lastError says why.</summary>
    Failed,

    /// <summary>No longer in the manifest; its containers are being removed.</summary>
    Removing,
}
