using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Resources;

/// <summary>Kubernetes' rules for writes, in one place for every store that applies them itself.</summary>
public static class ResourceWrites
{
    /// <summary>Creates <paramref name="offered"/>.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="stored">What is stored under its key, or null.</param>
    /// <param name="offered">The resource; its status and the store's own metadata are ignored.</param>
    /// <param name="uid">The uid that it gets.</param>
    /// <param name="now">When this is; kept to the second.</param>
    public static WriteDecision<T> Create<T>(ResourceType<T> type, T? stored, T offered, string uid, DateTimeOffset now)
        where T : class, IResource
    {
        if (MetadataRules.Check(type, offered) is { IsEmpty: false } errors)
        {
            return new WriteDecision<T>.Invalid(string.Join("; ", errors));
        }

        if (!string.IsNullOrEmpty(offered.Metadata.ResourceVersion))
        {
            return new WriteDecision<T>.Invalid("metadata.resourceVersion: it is given to resources that exist; leave it out to create one.");
        }

        if (stored is not null)
        {
            return new WriteDecision<T>.AlreadyExists();
        }

        var metadata = offered.Metadata with
        {
            Uid = uid, ResourceVersion = null, Generation = 1, CreationTimestamp = ToSecond(now), DeletionTimestamp = null,
        };
        var created = type.WithoutStatus(type.WithMetadata(offered, metadata));
        return Sized(type, created, Bytes(type, created).Length);
    }

    /// <summary>Replaces spec, labels, annotations and finalizers.</summary>
    public static WriteDecision<T> Update<T>(ResourceType<T> type, T? stored, T offered)
        where T : class, IResource
    {
        if (MetadataRules.Check(type, offered) is { IsEmpty: false } errors)
        {
            return new WriteDecision<T>.Invalid(string.Join("; ", errors));
        }

        if (Mismatch(type, stored, offered.Metadata.Uid, offered.Metadata.ResourceVersion) is { } mismatch)
        {
            return mismatch;
        }

        var (old, given) = (stored!.Metadata, offered.Metadata);
        var added = given.Finalizers.Except(old.Finalizers, StringComparer.Ordinal).FirstOrDefault();
        if (old.DeletionTimestamp is not null && added is not null)
        {
            return new WriteDecision<T>.Invalid($"metadata.finalizers: '{added}' cannot be added, because the resource is being deleted.");
        }

        var metadata = old with { Labels = given.Labels, Annotations = given.Annotations, Finalizers = given.Finalizers };
        var next = type.WithMetadata(type.WithStatusOf(offered, stored), metadata);
        var specDiffers = !Bytes(type, next).AsSpan().SequenceEqual(Bytes(type, type.WithMetadata(stored, metadata)));
        return Changed(type, stored, specDiffers ? type.WithMetadata(next, metadata with { Generation = old.Generation + 1 }) : next);
    }

    /// <summary>Replaces the status, and nothing else.</summary>
    public static WriteDecision<T> UpdateStatus<T>(ResourceType<T> type, T? stored, T offered)
        where T : class, IResource =>
        Mismatch(type, stored, offered.Metadata.Uid, offered.Metadata.ResourceVersion)
        ?? Changed(type, stored!, type.WithStatusOf(stored!, offered));

    /// <summary>Deletes, or where finalizers are left begins to.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="stored">What is stored under the key, or null.</param>
    /// <param name="uid">The stored one must have this uid; null for any.</param>
    /// <param name="resourceVersion">The stored one must have this version; null for any.</param>
    /// <param name="now">When this is; kept to the second.</param>
    public static WriteDecision<T> Delete<T>(ResourceType<T> type, T? stored, string? uid, string? resourceVersion, DateTimeOffset now)
        where T : class, IResource
    {
        if (Mismatch(type, stored, uid, resourceVersion) is { } mismatch)
        {
            return mismatch;
        }

        var metadata = stored!.Metadata;
        if (metadata.Finalizers.IsEmpty)
        {
            return new WriteDecision<T>.Remove(stored);
        }

        return metadata.DeletionTimestamp is not null
            ? new WriteDecision<T>.Keep(stored)
            : new WriteDecision<T>.Store(
                type.WithMetadata(stored, metadata with { DeletionTimestamp = ToSecond(now), Generation = metadata.Generation + 1 }));
    }

    private static WriteDecision<T> Changed<T>(ResourceType<T> type, T stored, T next)
        where T : class, IResource
    {
        if (next.Metadata is { DeletionTimestamp: not null, Finalizers.IsEmpty: true })
        {
            return new WriteDecision<T>.Remove(next);
        }

        var json = Bytes(type, next);
        return json.AsSpan().SequenceEqual(Bytes(type, stored)) ? new WriteDecision<T>.Keep(stored) : Sized(type, next, json.Length);
    }

    private static WriteDecision<T>? Mismatch<T>(ResourceType<T> type, T? stored, string? uid, string? resourceVersion)
        where T : class, IResource
    {
        if (stored is null)
        {
            return new WriteDecision<T>.NotFound();
        }

        var (name, metadata) = (stored.Metadata.Name, stored.Metadata);
        if (!string.IsNullOrEmpty(uid) && uid != metadata.Uid)
        {
            return new WriteDecision<T>.Conflict($"The {type.Kind} '{name}' was deleted and made anew: its uid is {metadata.Uid} now.");
        }

        return string.IsNullOrEmpty(resourceVersion) || resourceVersion == metadata.ResourceVersion
            ? null
            : new WriteDecision<T>.Conflict($"The {type.Kind} '{name}' changed in between: read it again, and apply the change to that.");
    }

    private static WriteDecision<T> Sized<T>(ResourceType<T> type, T resource, int size)
        where T : class, IResource =>
        size <= MetadataRules.MaxResourceBytes
            ? new WriteDecision<T>.Store(resource)
            : new WriteDecision<T>.Invalid($"The {type.Kind} is too large: {size} bytes of JSON, and the most is {MetadataRules.MaxResourceBytes}.");

    /// <summary>What would be stored: two resources are the same where this is.</summary>
    private static byte[] Bytes<T>(ResourceType<T> type, T resource)
        where T : class, IResource =>
        JsonSerializer.SerializeToUtf8Bytes(resource, type.Json);

    private static DateTimeOffset ToSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
