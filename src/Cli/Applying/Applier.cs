using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Manifests;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Applying;

/// <summary>Makes the store hold what a manifest says.</summary>
internal sealed class Applier(CliHost host, FleetClient client)
{
    private const int MaxTries = 5;

    /// <summary>Applies <paramref name="manifest"/>.</summary>
    public Task<Outcome<Applied>> ApplyAsync(Manifest manifest, CancellationToken cancellationToken) => manifest.Resource is Deployment
        ? ApplyAsync(ResourceTypes.Deployments, manifest, (left, right) => SameLabels(left.Metadata.Labels, right.Metadata.Labels), cancellationToken)
        : ApplyAsync(ResourceTypes.Devices, manifest, (_, _) => true, cancellationToken);

    private static bool SameLabels(ImmutableSortedDictionary<string, string> left, ImmutableSortedDictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var value) && string.Equals(pair.Value, value, StringComparison.Ordinal));

    private async Task<Outcome<Applied>> ApplyAsync<T>(ResourceType<T> type, Manifest manifest, Func<T, T, bool> sameLabels, CancellationToken cancellationToken)
        where T : class, IResource
    {
        var (name, space) = (manifest.Resource.Metadata.Name, manifest.Resource.Metadata.Namespace);
        var body = Encoding.UTF8.GetBytes(manifest.Content.ToJsonString());
        Fault? last = null;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var stored = await client.GetAsync(type, space, name, cancellationToken);
            if (!stored.IsOk && stored.Fault.Reason != StatusReasons.NotFound)
            {
                return stored.Fault;
            }

            var old = stored.Value?.Resource;
            if (old?.Metadata.DeletionTimestamp is not null)
            {
                return BeingDeleted(manifest);
            }

            // Kinds without a namespace are created by naming them, as the control plane does.
            var written = old is null && type.Namespaced
                ? await client.CreateAsync(type, space, body, cancellationToken)
                : await client.UpdateAsync(type, space, name, body, cancellationToken);
            if (written.IsOk)
            {
                return new Applied(Verb(old, written.Value.Resource, sameLabels), written.Value.Resource);
            }

            last = written.Fault;
            if (last.Kind is not (FaultKind.Conflict or FaultKind.NotFound) || manifest.Resource.Metadata.ResourceVersion is not null)
            {
                break;
            }
        }

        return manifest.Resource.Metadata.ResourceVersion is not null && last!.Kind == FaultKind.Conflict ? Outdated(manifest) : last!;
    }

    private static ApplyVerb Verb<T>(T? old, T now, Func<T, T, bool> sameLabels)
        where T : class, IResource
    {
        if (old is null)
        {
            return ApplyVerb.Created;
        }

        // Not the version: the operator may have written a status in between.
        var isSame = old.Metadata.Generation == now.Metadata.Generation && string.Equals(old.Metadata.Uid, now.Metadata.Uid, StringComparison.Ordinal)
            && sameLabels(old, now) && SameLabels(old.Metadata.Annotations, now.Metadata.Annotations);
        return isSame ? ApplyVerb.Unchanged : ApplyVerb.Configured;
    }

    private Fault BeingDeleted(Manifest manifest) => new(
        FaultKind.Conflict,
        $"{manifest.Title} is being deleted",
        $"apply it again once it is gone: {host.Line($"wait deployment {manifest.Resource.Metadata.Name} -n {manifest.Resource.Metadata.Namespace} --for=deleted")}");

    private static Fault Outdated(Manifest manifest) => new(
        FaultKind.Conflict,
        $"{manifest.Title} was changed since {manifest.Origin} was written",
        "read it again, or leave out metadata.resourceVersion to apply it whatever is there");
}

/// <summary>A resource that was applied.</summary>
/// <param name="Verb">What became of it.</param>
/// <param name="Resource">As it is stored.</param>
internal sealed record Applied(ApplyVerb Verb, IResource Resource);

/// <summary>What became of an applied resource.</summary>
internal enum ApplyVerb
{
    /// <summary>It is new.</summary>
    Created,

    /// <summary>It was there and is now as asked.</summary>
    Configured,

    /// <summary>It was as asked already.</summary>
    Unchanged,
}
