using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;

namespace Harmony.Fleet.Deploy.NatsServers;

/// <summary>What passes between the accounts: all of it, for every device at once. What one device may use of it is <see cref="DeviceRights"/>.</summary>
public static class SharedSubjects
{
    /// <summary>Asked by devices, answered in <see cref="AccountNames.Control"/>: puts of their own documents, and reads of single keys.</summary>
    public static ImmutableArray<string> Services { get; } =
    [
        BucketSubjects.Key(BucketNames.DeviceInfo, "*"),
        BucketSubjects.Key(BucketNames.DeviceState, "*"),
        BucketSubjects.Key(BucketNames.DeviceHeartbeat, "*"),
        BucketSubjects.DirectGet(BucketNames.DesiredState, "*"),
        BucketSubjects.DirectGet(BucketNames.Scores, "*"),
    ];

    /// <summary>Sent by the control plane to devices.</summary>
    public static ImmutableArray<string> ToDevices { get; } = [Subjects.LiveDesiredPrefix + "*", Subjects.AllCommands];

    /// <summary>Sent by devices to the control plane.</summary>
    public static ImmutableArray<string> FromDevices { get; } = [Subjects.AllReplies];
}
