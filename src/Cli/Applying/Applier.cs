using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
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
        Fault? last = null;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var stored = await client.GetAsync(type, space, name, cancellationToken);
            if (!stored.IsOk && stored.Fault.Reason != StatusReasons.NotFound)
            {
                return stored.Fault;
            }

            var old = stored.Value?.Resource;
            var content = Content(manifest, stored.Value, sameLabels);
            if (!content.IsOk)
            {
                return content.Fault;
            }

            // Kinds without a namespace are created by naming them, as the control plane does.
            var body = Encoding.UTF8.GetBytes(content.Value.ToJsonString());
            var written = old is null && type.Namespaced
                ? await client.CreateAsync(type, space, body, cancellationToken)
                : await client.UpdateAsync(type, space, name, body, cancellationToken);
            if (written.IsOk)
            {
                return new Applied(Verb(old, written.Value.Resource, sameLabels), written.Value.Resource);
            }

            last = written.Fault;
            if (last.Kind is not (FaultKind.Conflict or FaultKind.NotFound))
            {
                break;
            }
        }

        return last!;
    }

    /// <summary>What is sent, over what is stored.</summary>
    private Outcome<JsonObject> Content<T>(Manifest manifest, Fetched<T>? stored, Func<T, T, bool> sameLabels)
        where T : class, IResource
    {
        var read = manifest.Resource.Metadata.ResourceVersion;
        if (stored is null)
        {
            return read is null ? manifest.Content : Gone(manifest);
        }

        if (stored.Resource.Metadata.DeletionTimestamp is not null)
        {
            return Releases(manifest.Resource.Metadata, stored.Resource.Metadata) ? Released(manifest, stored.Raw) : BeingDeleted(manifest, stored.Resource.Metadata);
        }

        return read is null || read == stored.Resource.Metadata.ResourceVersion ? manifest.Content
            : OnlyStatusMoved((T)manifest.Resource, stored.Resource, sameLabels) ? With(manifest.Content, metadata => metadata["resourceVersion"] = stored.Resource.Metadata.ResourceVersion)
            : Outdated(manifest);
    }

    /// <summary>
    /// Whether nothing was written since the file was read but what an apply leaves alone. The control plane's statuses move the version all the
    /// time, and no version tells what moved it. The generation tells of the spec; of labels and annotations only equal ones are known not to have changed.
    /// </summary>
    private static bool OnlyStatusMoved<T>(T file, T stored, Func<T, T, bool> sameLabels)
        where T : class, IResource
    {
        var (read, now) = (file.Metadata, stored.Metadata);
        return read.Uid is not null && read.Uid == now.Uid && read.Generation > 0 && read.Generation == now.Generation
            && sameLabels(file, stored) && SameLabels(read.Annotations, now.Annotations) && read.Finalizers.SequenceEqual(now.Finalizers, StringComparer.Ordinal);
    }

    /// <summary>Whether a file takes finalizers of others away, and adds none.</summary>
    private static bool Releases(ObjectMeta file, ObjectMeta stored)
    {
        var held = stored.Finalizers.Where(IsOfOthers).ToList();
        return held.Except(file.Finalizers, StringComparer.Ordinal).Any() && !file.Finalizers.Where(IsOfOthers).Except(held, StringComparer.Ordinal).Any();
    }

    private static bool IsOfOthers(string finalizer) => !finalizer.StartsWith(ApiGroup.LabelPrefix, StringComparison.Ordinal);

    /// <summary>What is stored with the file's finalizers: the rest of the file is for a resource that is not on its way out.</summary>
    private static JsonObject Released(Manifest manifest, JsonElement stored)
    {
        var content = With(JsonObject.Create(stored)!, metadata => metadata["finalizers"] = new JsonArray([.. manifest.Resource.Metadata.Finalizers.Select(finalizer => JsonValue.Create(finalizer))]));
        content.Remove("status");
        return content;
    }

    private static JsonObject With(JsonObject content, Action<JsonObject> change)
    {
        var copy = content.DeepClone().AsObject();
        change(copy["metadata"]!.AsObject());
        return copy;
    }

    private static ApplyVerb Verb<T>(T? old, T now, Func<T, T, bool> sameLabels)
        where T : class, IResource
    {
        if (old is null)
        {
            return ApplyVerb.Created;
        }

        if (old.Metadata.DeletionTimestamp is not null)
        {
            return ApplyVerb.Released;
        }

        // Not the version: the operator may have written a status in between.
        var isSame = old.Metadata.Generation == now.Metadata.Generation && string.Equals(old.Metadata.Uid, now.Metadata.Uid, StringComparison.Ordinal)
            && sameLabels(old, now) && SameLabels(old.Metadata.Annotations, now.Metadata.Annotations);
        return isSame ? ApplyVerb.Unchanged : ApplyVerb.Configured;
    }

    private Fault BeingDeleted(Manifest manifest, ObjectMeta stored) => new(
        FaultKind.Conflict,
        $"{manifest.Title} is being deleted since {stored.DeletionTimestamp!.Value.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, held by {string.Join(", ", stored.Finalizers)}",
        manifest.Resource is Deployment
            ? $"apply it again once it is gone: {host.Line($"wait deployment {manifest.Resource.Metadata.Name} -n {manifest.Resource.Metadata.Namespace} --for=deleted")}"
            : "apply it again once it is gone");

    private static Fault Gone(Manifest manifest) => new(
        FaultKind.Conflict, $"{manifest.Title} was deleted since {manifest.Origin} was written", "leave out metadata.uid and metadata.resourceVersion to create it anew");

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

    /// <summary>It is being deleted, and finalizers that the file no longer names do not hold it any more.</summary>
    Released,
}
