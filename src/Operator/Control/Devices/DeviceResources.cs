using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Operator.Control.Work;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Control.Devices;

/// <summary>Writes the Device resources: made from info, then labels and inventory, then the status; only what differs.</summary>
internal sealed partial class DeviceResources(IResourceStore store, IBus bus, LoopContext loop, ILogger<DeviceResources> logger)
{
    private static readonly ImmutableArray<string> Buckets =
        [BucketNames.DeviceInfo, BucketNames.DeviceState, BucketNames.DeviceHeartbeat, BucketNames.DesiredState];

    private readonly WorkQueue<DeviceId> queue = loop.Queue<DeviceId>();
    private readonly WorkQueue<DeviceId> leftovers = loop.Queue<DeviceId>();

    /// <summary>The resource of a device may have to say something else.</summary>
    public void Touch(DeviceId id) => queue.Add(id);

    /// <summary>A device is gone: what it put on the bus goes too, so that nothing makes it anew but the device itself.</summary>
    public void Forget(DeviceId id) => leftovers.Add(id);

    /// <summary>Begins what can be begun.</summary>
    public void Pump(Func<DeviceId, (DeviceRecord Record, bool IsReachable)?> find, Action<DeviceId, Device> see, CancellationToken cancellationToken)
    {
        while (loop.Runners.Store.HasRoom && queue.TryTake(out var id))
        {
            if (find(id) is { } found && Plan(id, found.Record, found.IsReachable) is { } write)
            {
                loop.Runners.Store.Start(async token => Finish(id, await write(token), resource => SeeIfKnown(find, see, id, resource)), () => queue.Retry(id), cancellationToken);
            }
            else
            {
                queue.Finish(id);
            }
        }

        while (loop.Runners.Bus.HasRoom && leftovers.TryTake(out var id))
        {
            if (find(id) is null)
            {
                loop.Runners.Bus.Start(token => CleanAsync(id, token), () => leftovers.Retry(id), cancellationToken);
            }
            else
            {
                leftovers.Finish(id);
            }
        }
    }

    // The answer may come after the device is gone: it must not bring it back.
    private static void SeeIfKnown(Func<DeviceId, (DeviceRecord Record, bool IsReachable)?> find, Action<DeviceId, Device> see, DeviceId id, Device resource)
    {
        if (find(id) is not null)
        {
            see(id, resource);
        }
    }

    private Func<CancellationToken, Task<StoreOutcome<Device>>>? Plan(DeviceId id, DeviceRecord record, bool isReachable)
    {
        if (record.Resource is not { } present)
        {
            return record.Info is { } info
                ? token => store.CreateAsync(ResourceTypes.Devices, New(id, info), token)
                : null;
        }

        var main = present with
        {
            Metadata = present.Metadata with { Labels = record.Labels!.Labels },
            Spec = present.Spec with { Inventory = record.Info?.Inventory ?? present.Spec.Inventory },
        };
        if (!AreSame(main, present))
        {
            return token => store.UpdateAsync(ResourceTypes.Devices, main, token);
        }

        // The status is the operator's own: whatever else changed meanwhile does not matter.
        var status = present with { Status = Status(record, present.Status ?? new(), isReachable) };
        return AreSame(status, present)
            ? null
            : token => store.UpdateStatusAsync(ResourceTypes.Devices, status with { Metadata = status.Metadata with { ResourceVersion = null } }, token);
    }

    private DeviceStatus Status(DeviceRecord record, DeviceStatus present, bool isReachable) => new()
    {
        ReportedLabels = record.Labels!.Reported,
        AgentVersion = record.Info?.AgentVersion ?? present.AgentVersion,
        LastSeen = isReachable ? null : record.LastSeen > present.LastSeen || present.LastSeen is null ? record.LastSeen : present.LastSeen,
        Conditions = DeviceConditions.Next(present.Conditions, record, isReachable, loop.Now),
    };

    // By what would be stored: a text that is missing and one that is empty are the same there.
    private static bool AreSame(Device one, Device other) =>
        JsonSerializer.SerializeToUtf8Bytes(one, ResourceTypes.Devices.Json).AsSpan()
            .SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(other, ResourceTypes.Devices.Json));

    private static Device New(DeviceId id, DeviceInfo info) => new()
    {
        Metadata = new() { Name = id.Value, Labels = Core.Devices.LabelProjection.Project(id, [], info.Labels).Labels },
        Spec = new() { Inventory = info.Inventory },
    };

    private Action Finish(DeviceId id, StoreOutcome<Device> outcome, Action<Device> see) => () =>
    {
        switch (outcome)
        {
            case StoreOutcome<Device>.Ok ok:
                // Where it is another version than before, seeing it makes it be looked at again.
                queue.Finish(id);
                see(ok.Resource);
                break;
            case StoreOutcome<Device>.Invalid invalid:
                LogRefused(logger, id, invalid.Reason);
                queue.Finish(id);
                break;
            case StoreOutcome<Device>.NotFound:
                queue.Finish(id);
                break;
            default:
                // AlreadyExists and Conflict: the watch brings the newer one.
                queue.Retry(id);
                break;
        }
    };

    private async Task<Action> CleanAsync(DeviceId id, CancellationToken cancellationToken)
    {
        foreach (var bucket in Buckets)
        {
            if (await bus.Bucket(bucket).RemoveAsync(id.Value, cancellationToken) is PutOutcome.Unavailable or PutOutcome.Conflict)
            {
                return () => leftovers.Retry(id);
            }
        }

        return () => leftovers.Finish(id);
    }
}
