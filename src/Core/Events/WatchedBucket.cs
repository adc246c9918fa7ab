namespace Harmony.Fleet.Core.Events;

/// <summary>A bucket that the engine hears.</summary>
public enum WatchedBucket
{
    /// <summary>What should stand on devices.</summary>
    DesiredState,

    /// <summary>Who devices say they are.</summary>
    DeviceInfo,

    /// <summary>What stands on devices.</summary>
    DeviceState,

    /// <summary>Signs of life.</summary>
    DeviceHeartbeat,
}
