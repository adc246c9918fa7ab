using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Control.Executors;

/// <summary>Carries out what the engine wants done in the store.</summary>
internal sealed class StoreExecutor(IResourceStore store)
{
    /// <summary>Carries out an effect.</summary>
    public async Task<EffectResult> RunAsync(FleetEffect.OnStore effect, CancellationToken cancellationToken) => effect switch
    {
        FleetEffect.CreateDevice create => Judge(await store.CreateAsync(ResourceTypes.Devices, create.Resource, cancellationToken)),
        FleetEffect.UpdateDevice update => Judge(await store.UpdateAsync(ResourceTypes.Devices, update.Resource, cancellationToken)),
        FleetEffect.PatchFinalizers patch => Judge(await store.UpdateAsync(ResourceTypes.Deployments, patch.Resource, cancellationToken)),

        // The status is the operator's own: whatever else changed meanwhile does not matter.
        FleetEffect.PatchDeviceStatus patch => Judge(await store.UpdateStatusAsync(ResourceTypes.Devices, Unversioned(ResourceTypes.Devices, patch.Resource), cancellationToken)),
        FleetEffect.PatchDeploymentStatus patch =>
            Judge(await store.UpdateStatusAsync(ResourceTypes.Deployments, Unversioned(ResourceTypes.Deployments, patch.Resource), cancellationToken)),
        _ => throw new InvalidOperationException($"The effect is not known: {effect}"),
    };

    private static T Unversioned<T>(ResourceType<T> type, T resource)
        where T : class, IResource => type.WithMetadata(resource, resource.Metadata with { ResourceVersion = null });

    private static EffectResult Judge<T>(StoreOutcome<T> outcome)
        where T : class, IResource => outcome switch
    {
        StoreOutcome<T>.Ok { Resource: Deployment deployment } => new EffectResult.DeploymentStored(deployment),
        StoreOutcome<T>.Ok { Resource: Device device } => new EffectResult.DeviceStored(device),
        StoreOutcome<T>.Invalid invalid => new EffectResult.Refused(invalid.Reason),
        StoreOutcome<T>.NotFound => new EffectResult.Done(),

        // AlreadyExists and Conflict: the watch brings the newer one.
        _ => new EffectResult.Failed(),
    };
}
