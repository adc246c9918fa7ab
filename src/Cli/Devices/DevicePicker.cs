using System.Collections.Immutable;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Cli.Devices;

/// <summary>Which devices a deployment matches.</summary>
internal sealed class DevicePicker(FleetClient client)
{
    /// <summary>The devices that <paramref name="deployment"/> matches, by name.</summary>
    public async Task<Outcome<ImmutableArray<Device>>> MatchedAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        if (Selector.TryCompile(deployment.Spec.TargetSelector) is not SelectorOutcome.Compiled compiled)
        {
            return Invalid(deployment);
        }

        // Matched here, by the operator's own rules: not every selector can be written as the text that a list takes.
        var listing = await client.ListAsync(ResourceTypes.Devices, new Scope(null), cancellationToken);
        return listing.IsOk
            ? listing.Value.Items.Select(item => item.Resource).Where(device => compiled.Selector.Matches(device.Metadata.Labels)).ToImmutableArray()
            : listing.Fault;
    }

    /// <summary>Whether <paramref name="deployment"/> is meant for <paramref name="device"/>.</summary>
    public async Task<Outcome<bool>> MatchesAsync(Deployment deployment, string device, CancellationToken cancellationToken)
    {
        if (Selector.TryCompile(deployment.Spec.TargetSelector) is not SelectorOutcome.Compiled compiled)
        {
            return Invalid(deployment);
        }

        var fetched = await client.GetAsync(ResourceTypes.Devices, null, device, cancellationToken);
        return fetched.IsOk ? compiled.Selector.Matches(fetched.Value.Resource.Metadata.Labels) : fetched.Fault;
    }

    /// <summary>Whether heartbeats of <paramref name="device"/> arrive.</summary>
    public static bool IsReachable(Device device) => (device.Status?.Conditions ?? []).Holds(ConditionTypes.Reachable);

    private static Fault Invalid(Deployment deployment) =>
        Fault.Permanent($"the selector of deployment {deployment.Metadata.Namespace}/{deployment.Metadata.Name} is invalid", "apply it again with a valid one");
}
