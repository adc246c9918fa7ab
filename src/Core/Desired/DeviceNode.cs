using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Desired;

/// <summary>A device in the model: the deployments that match it in their order of placement, and what it said that belongs to none of these.</summary>
internal class DeviceNode(DeviceId id) : DeviceLife(id)
{
    /// <summary>Its pairs.</summary>
    public PairList Pairs = PairList.Empty;

    private Dictionary<int, DeviceError>? errors;
    private Dictionary<DeploymentKey, ReportedDeployment>? others;

    /// <summary>Its number in the model; null where it is not in it.</summary>
    public int? Slot { get; set; }

    public LabelSet Labels { get; set; } = LabelSet.Empty;

    public bool IsReachable { get; set; }

    public int PlacedCount => Math.Min(Pairs.Count, WireLimits.MaxDeploymentsPerDevice);

    /// <summary>The error that it said of the deployment in <paramref name="slot"/>; null for none.</summary>
    public DeviceError? ErrorOf(int slot) => errors?.GetValueOrDefault(slot);

    /// <summary>What it said of <paramref name="key"/>, which had no pair, or not in a version that is known.</summary>
    public ReportedDeployment? OtherOf(DeploymentKey key) => others is not null && others.TryGetValue(key, out var said) ? said : null;

    /// <summary>It said an error of the deployment in <paramref name="slot"/>, or none.</summary>
    public void SetError(int slot, DeviceError? error)
    {
        if (error is not null)
        {
            (errors ??= [])[slot] = error;
        }
        else if (errors?.Remove(slot) == true && errors.Count == 0)
        {
            errors = null;
        }
    }

    /// <summary>It said this, which belongs to no pair.</summary>
    public void Keep(ReportedDeployment said) => (others ??= [])[said.Key] = said;

    /// <summary>What it said of <paramref name="key"/> has a pair now, or was said of before.</summary>
    public void Drop(DeploymentKey key)
    {
        if (others?.Remove(key) == true && others.Count == 0)
        {
            others = null;
        }
    }

    /// <summary>It is in the model no more: nothing of what it said counts.</summary>
    public void Leave() => (Slot, Labels, IsReachable, Pairs, errors, others) = (null, LabelSet.Empty, false, PairList.Empty, null, null);

    /// <summary>It speaks anew: what it said before of what has no pair counts no more.</summary>
    public void DropOthers() => others = null;
}
