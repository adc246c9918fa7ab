using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Deploy.NatsServers;

/// <summary>The subjects that one device may use, and no other: no API of JetStream, no wildcard over devices, no responses to anywhere.</summary>
/// <param name="Publish">Where it may send.</param>
/// <param name="Subscribe">Where it may listen.</param>
public sealed record DeviceRights(ImmutableArray<string> Publish, ImmutableArray<string> Subscribe)
{
    /// <summary>The rights of <paramref name="device"/>.</summary>
    public static DeviceRights Of(DeviceId device) => new(
        [
            BucketSubjects.Key(BucketNames.DeviceInfo, device.Value),
            BucketSubjects.Key(BucketNames.DeviceState, device.Value),
            BucketSubjects.Key(BucketNames.DeviceHeartbeat, device.Value),
            BucketSubjects.DirectGet(BucketNames.DesiredState, device.Value),
            BucketSubjects.DirectGet(BucketNames.Scores, "*"),
            Subjects.Reply(device, ">"),
        ],
        [
            Subjects.LiveDesired(device),
            Subjects.Commands(device),
            InboxPrefix(device) + ".>",
        ]);

    /// <summary>What the inboxes of <paramref name="device"/> begin with.</summary>
    public static string InboxPrefix(DeviceId device) => $"_INBOX_{device}";
}
