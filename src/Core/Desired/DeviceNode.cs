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

    private const int None = -1;
    private int slot = None;
    private Remarks? remarks;

    /// <summary>Its number in the model; null where it is not in it.</summary>
    public int? Slot { get => slot == None ? null : slot; set => slot = value ?? None; }

    /// <summary>Its labels but for that which names it: many devices share them.</summary>
    public LabelSet OwnLabels { get; set; } = LabelSet.Empty;

    /// <summary>Its labels as selectors see them.</summary>
    public LabelSet Labels => OwnLabels.WithIdentity(Id);

    public bool IsReachable { get; set; }

    public int PlacedCount => Math.Min(Pairs.Count, WireLimits.MaxDeploymentsPerDevice);

    /// <summary>The error that it said of the deployment in <paramref name="slot"/>; null for none.</summary>
    public DeviceError? ErrorOf(int slot) => remarks?.Errors.GetValueOrDefault(slot);

    /// <summary>What it said of <paramref name="key"/>, which had no pair, or not in a version that is known.</summary>
    public ReportedDeployment? OtherOf(DeploymentKey key) => remarks is not null && remarks.Others.TryGetValue(key, out var said) ? said : null;

    /// <summary>All that it said of what has no pair, or not in a version that is known.</summary>
    public IReadOnlyCollection<ReportedDeployment> Others => remarks is null ? [] : remarks.Others.Values;

    /// <summary>It said an error of the deployment in <paramref name="slot"/>, or none.</summary>
    public void SetError(int slot, DeviceError? error)
    {
        if (error is not null)
        {
            (remarks ??= new()).Errors[slot] = error;
        }
        else if (remarks?.Errors.Remove(slot) == true)
        {
            LetGo();
        }
    }

    /// <summary>It said this, which belongs to no pair.</summary>
    public void Keep(ReportedDeployment said) => (remarks ??= new()).Others[said.Key] = said;

    /// <summary>What it said of <paramref name="key"/> has a pair now, or was said of before.</summary>
    public void Drop(DeploymentKey key)
    {
        if (remarks?.Others.Remove(key) == true)
        {
            LetGo();
        }
    }

    /// <summary>It is in the model no more: nothing of what it said counts.</summary>
    public void Leave() => (Slot, OwnLabels, IsReachable, Pairs, remarks) = (null, LabelSet.Empty, false, PairList.Empty, null);

    /// <summary>It speaks anew: what it said before of what has no pair counts no more.</summary>
    public void DropOthers()
    {
        if (remarks is not null)
        {
            remarks.Others.Clear();
            LetGo();
        }
    }

    private void LetGo() => remarks = remarks is { Errors.Count: 0, Others.Count: 0 } ? null : remarks;

    /// <summary>What it said and most devices do not: errors, by the deployment's slot, and what belongs to no pair.</summary>
    private sealed class Remarks
    {
        public Dictionary<int, DeviceError> Errors { get; } = [];

        public Dictionary<DeploymentKey, ReportedDeployment> Others { get; } = [];
    }
}
