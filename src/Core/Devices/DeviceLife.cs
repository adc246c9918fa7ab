using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Devices;

/// <summary>A device's signs of life, as <see cref="ReachabilityTracker"/> keeps them.</summary>
internal class DeviceLife(DeviceId id)
{
    /// <summary>Which device.</summary>
    public DeviceId Id { get; } = id;

    /// <summary>The ticks of its newest sign of life, in UTC.</summary>
    internal long HeardAt { get; set; }

    /// <summary>Its place in the order that it is in: places that it had before are passed over when they are due.</summary>
    internal long Place { get; set; }

    internal LifeState Life { get; set; }
}

/// <summary>Whether a device gives signs of life.</summary>
internal enum LifeState : byte
{
    /// <summary>It is not known.</summary>
    Unknown,

    /// <summary>It has given none yet, and nobody said that it was reachable before.</summary>
    NeverSeen,

    /// <summary>It gives none any more.</summary>
    Unreachable,

    /// <summary>It does.</summary>
    Heard,

    /// <summary>It has not for suspiciously long.</summary>
    Silent,
}
