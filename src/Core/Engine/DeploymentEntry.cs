using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Engine;

/// <summary>A Deployment as the engine holds it.</summary>
internal sealed class DeploymentEntry(Deployment resource)
{
    /// <summary>The resource as it was last seen.</summary>
    public Deployment Resource { get; set; } = resource;

    /// <summary>What is wrong with it; empty for nothing.</summary>
    public ImmutableArray<FieldError> Errors { get; set; } = [];

    /// <summary>What the engine failed at over it; null for nothing.</summary>
    public ReconcileFault? Fault { get; set; }

    /// <summary>Whether it was seen, and not all was done that this asks for: it failed midway.</summary>
    public bool IsUnfinished { get; set; }

    /// <summary>The address of the score that is carried out; null for none.</summary>
    public Digest? Address { get; set; }

    /// <summary>The addresses of the scores of versions before that devices are still given.</summary>
    public ImmutableArray<Digest> Older { get; set; } = [];

    /// <summary>The uid of the resource whose score is carried out.</summary>
    public string Uid { get; set; } = string.Empty;

    /// <summary>
    /// Whether its removal was held when this operator began, or before that and was never approved: an operator that knows of no device that runs it tells nothing of it meanwhile.
    /// Devices that come later are among those from which it is held.
    /// </summary>
    public bool WasHeld { get; } = resource.Status is { } status
        && (status.Conditions.Of(ConditionTypes.RemovalHeld)?.Status == ConditionStatus.True || (status.RemovalHold > 0 && ApprovedRemoval.Of(resource.Metadata).Hold != status.RemovalHold));

    /// <summary>
    /// Whether its removal was told to be held when this operator began, and nothing was told by this one that is known to be all: an operator that can make nothing of it, or knows not all yet, holds what an
    /// earlier one did.
    /// </summary>
    public bool IsHeldSinceBefore { get; set; } = resource.Status?.Conditions.Of(ConditionTypes.RemovalHeld)?.Status == ConditionStatus.True;

    /// <summary>Whether a list did not have it: it was removed, or lost.</summary>
    public bool IsMissing { get; set; }

    /// <summary>Whether a list did not have it before it was last seen: labels of devices may be lost as well.</summary>
    public bool IsBack { get; set; }

    /// <summary>Up to which ticket devices must have settled for it to have left every stored manifest; null while it is not to leave.</summary>
    public long? LeavesAfter { get; set; }

    /// <summary>That it stays for a device that is given nothing before it reports; null where it does not.</summary>
    public Condition? Awaits { get; set; }

    /// <summary>Whether no stored manifest names it any more.</summary>
    public bool HasLeft { get; set; }

    /// <summary>Whether it is given to devices, in this version or one before.</summary>
    public bool IsCarriedOut => Address is not null && Uid == Resource.Metadata.Uid;

    /// <summary>Whether deletion was asked for.</summary>
    public bool IsDeleting => Resource.Metadata.DeletionTimestamp is not null;

    /// <summary>Whether the control plane's finalizer is on it.</summary>
    public bool HasFinalizer => Resource.Metadata.Finalizers.Contains(ApiGroup.ManifestFinalizer, StringComparer.Ordinal);

    /// <summary>The resource with the finalizer on, or off when all is cleaned up; null where it is as it should be.</summary>
    public Deployment? Finalized() => this switch
    {
        { IsDeleting: false, HasFinalizer: false } => With(Resource.Metadata.Finalizers.Add(ApiGroup.ManifestFinalizer)),
        { IsDeleting: true, HasFinalizer: true, HasLeft: true } => With(Resource.Metadata.Finalizers.Remove(ApiGroup.ManifestFinalizer, StringComparer.Ordinal)),
        _ => null,
    };

    private Deployment With(ImmutableArray<string> finalizers) => Resource with { Metadata = Resource.Metadata with { Finalizers = finalizers } };
}
