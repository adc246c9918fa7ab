using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Resources;

/// <summary>
/// Kubernetes' rules for writes, in one place for every store that applies them itself. What is stored and not known here stays as it is.
/// </summary>
public static class ResourceWrites
{
    /// <summary>Creates <paramref name="offered"/>.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="stored">What is stored under its key, or null.</param>
    /// <param name="offered">The resource; its status and the store's own metadata are ignored.</param>
    /// <param name="uid">The uid that it gets.</param>
    /// <param name="now">When this is; kept to the second.</param>
    public static WriteDecision Create<T>(ResourceType<T> type, StoredResource? stored, T offered, string uid, DateTimeOffset now)
        where T : class, IResource
    {
        if (MetadataRules.Check(type, offered) is { IsEmpty: false } errors)
        {
            return new WriteDecision.Invalid(string.Join("; ", errors));
        }

        if (!string.IsNullOrEmpty(offered.Metadata.ResourceVersion))
        {
            return new WriteDecision.Invalid("metadata.resourceVersion: it is given to resources that exist; leave it out to create one.");
        }

        if (stored is not null)
        {
            return new WriteDecision.AlreadyExists();
        }

        var metadata = offered.Metadata with { Uid = uid, Generation = 1, CreationTimestamp = ToSecond(now), DeletionTimestamp = null };
        return Checked(type, ResourceParts.Of(type, type.WithMetadata(offered, metadata)) with { Status = null });
    }

    /// <summary>Creates again what was lost, with the uid that it had.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="stored">What is stored under its key, or null.</param>
    /// <param name="offered">The resource, its uid included.</param>
    /// <param name="isRemoved">Whether one of that uid was removed by intent.</param>
    /// <param name="now">When this is; kept to the second.</param>
    public static WriteDecision Restore<T>(ResourceType<T> type, StoredResource? stored, T offered, bool isRemoved, DateTimeOffset now)
        where T : class, IResource => offered.Metadata.Uid switch
    {
        null or "" => new WriteDecision.Invalid("metadata.uid: what is restored has the uid that it had."),
        _ when isRemoved => new WriteDecision.Conflict($"The {type.Kind} '{offered.Metadata.Name}' of this uid was removed."),
        var uid => Create(type, stored, offered, uid, now),
    };

    /// <summary>Replaces spec, labels, annotations and finalizers of the version that <paramref name="offered"/> is of.</summary>
    /// <exception cref="JsonException">What is stored is not readable.</exception>
    public static WriteDecision Update<T>(ResourceType<T> type, StoredResource? stored, T offered)
        where T : class, IResource
    {
        var given = offered.Metadata;
        if (MetadataRules.Check(type, offered) is { IsEmpty: false } errors)
        {
            return new WriteDecision.Invalid(string.Join("; ", errors));
        }

        if (Refusal(type, stored, given.Uid, given.ResourceVersion) is { } refusal)
        {
            return refusal;
        }

        var present = stored!.Read(type);
        var (known, wanted) = (ResourceParts.Of(type, present), ResourceParts.Of(type, offered));
        var metadata = present.Metadata with
        {
            Labels = given.Labels,
            Annotations = given.Annotations,
            Finalizers = given.Finalizers,
            Generation = present.Metadata.Generation + (ResourceParts.AreSame(known.Spec, wanted.Spec) ? 0 : 1),
        };
        return LateFinalizer(present.Metadata, given.Finalizers) ?? Changed(type, stored, metadata, stored.Parts with
        {
            Metadata = UnknownMembers.Keep(stored.Parts.Metadata, known.Metadata, ResourceParts.Of(metadata)),
            Spec = UnknownMembers.Keep(stored.Parts.Spec, known.Spec, wanted.Spec),
        });
    }

    /// <summary>Replaces the finalizers, and nothing else.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="stored">What is stored under the key, or null.</param>
    /// <param name="uid">The stored one must have this uid; null for any.</param>
    /// <param name="resourceVersion">The version that the writer saw.</param>
    /// <param name="finalizers">All that it shall have.</param>
    /// <exception cref="JsonException">What is stored is not readable.</exception>
    public static WriteDecision PatchFinalizers<T>(ResourceType<T> type, StoredResource? stored, string? uid, string resourceVersion, ImmutableArray<string> finalizers)
        where T : class, IResource
    {
        if (MetadataRules.CheckFinalizers(finalizers).FirstOrDefault() is { } error)
        {
            return new WriteDecision.Invalid(error.ToString());
        }

        if (Refusal(type, stored, uid, resourceVersion) is { } refusal)
        {
            return refusal;
        }

        var present = stored!.Metadata();
        var metadata = present with { Finalizers = finalizers };
        return LateFinalizer(present, finalizers)
            ?? Changed(type, stored, metadata, stored.Parts with { Metadata = UnknownMembers.Keep(stored.Parts.Metadata, ResourceParts.Of(present), ResourceParts.Of(metadata)) });
    }

    /// <summary>Replaces the status, and nothing else; no other part is looked at.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="stored">What is stored under the key, or null.</param>
    /// <param name="uid">The stored one must have this uid; null for any.</param>
    /// <param name="resourceVersion">The version that the writer saw.</param>
    /// <param name="status">The status.</param>
    /// <exception cref="JsonException">What is stored is not readable.</exception>
    public static WriteDecision PatchStatus<T, TStatus>(ResourceType<T, TStatus> type, StoredResource? stored, string? uid, string resourceVersion, TStatus status)
        where T : class, IResource
        where TStatus : class
    {
        if (Refusal(type, stored, uid, resourceVersion) is { } refusal)
        {
            return refusal;
        }

        var next = JsonSerializer.SerializeToUtf8Bytes(status, type.StatusJson);
        var present = stored!.Parts.Status;
        if (ContractNulls.Find(type.StatusJson, next) is { IsEmpty: false } nulls)
        {
            return new WriteDecision.Invalid($"status.{string.Join("; status.", nulls)}");
        }

        // What was written last by this version is the same byte by byte: then nothing has to be read.
        if (ResourceParts.AreSame(present, next))
        {
            return new WriteDecision.Keep(stored);
        }

        var known = present is null ? null : JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(present, type.StatusJson)!, type.StatusJson);
        return Differs(type, stored, stored.Parts with { Status = known is null ? next : UnknownMembers.Keep(present!, known, next) });
    }

    /// <summary>Deletes, or where finalizers are left begins to. What cannot be read is deleted at once.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="stored">What is stored under the key, or null.</param>
    /// <param name="uid">The stored one must have this uid; null for any.</param>
    /// <param name="resourceVersion">The stored one must have this version; null for any.</param>
    /// <param name="now">When this is; kept to the second.</param>
    public static WriteDecision Delete<T>(ResourceType<T> type, StoredResource? stored, string? uid, string? resourceVersion, DateTimeOffset now)
        where T : class, IResource
    {
        if (Mismatch(type, stored, uid, resourceVersion) is { } mismatch)
        {
            return mismatch;
        }

        if (stored!.TryRead(type, out _)?.Metadata is not { Finalizers.IsEmpty: false } present)
        {
            return new WriteDecision.Remove(stored.Parts);
        }

        if (present.DeletionTimestamp is not null)
        {
            return new WriteDecision.Keep(stored);
        }

        var metadata = present with { DeletionTimestamp = ToSecond(now), Generation = present.Generation + 1 };
        return new WriteDecision.Store(
            stored.Parts with { Metadata = UnknownMembers.Keep(stored.Parts.Metadata, ResourceParts.Of(present), ResourceParts.Of(metadata)) });
    }

    private static WriteDecision Changed<T>(ResourceType<T> type, StoredResource stored, ObjectMeta metadata, ResourceParts next)
        where T : class, IResource =>
        metadata is { DeletionTimestamp: not null, Finalizers.IsEmpty: true } ? new WriteDecision.Remove(next) : Differs(type, stored, next);

    private static WriteDecision Differs<T>(ResourceType<T> type, StoredResource stored, ResourceParts next)
        where T : class, IResource =>
        next.IsSameAs(stored.Parts) ? new WriteDecision.Keep(stored) : Checked(type, next);

    private static WriteDecision Checked<T>(ResourceType<T> type, ResourceParts next)
        where T : class, IResource =>
        next.Size > MetadataRules.MaxResourceBytes
            ? new WriteDecision.Invalid($"The {type.Kind} is too large: {next.Size} bytes of JSON, and the most is {MetadataRules.MaxResourceBytes}.")
        : ContractNulls.Find(type.Json, next.Spec) is { IsEmpty: false } nulls ? new WriteDecision.Invalid(string.Join("; ", nulls))
        : new WriteDecision.Store(next);

    /// <summary>Why a write is not done: of what is stored, an update says its version.</summary>
    private static WriteDecision? Refusal<T>(ResourceType<T> type, StoredResource? stored, string? uid, string? resourceVersion)
        where T : class, IResource =>
        stored is not null && string.IsNullOrEmpty(resourceVersion)
            ? new WriteDecision.Invalid($"metadata.resourceVersion: Required value: say which version of the {type.Kind} is updated.")
            : Mismatch(type, stored, uid, resourceVersion);

    private static WriteDecision? Mismatch<T>(ResourceType<T> type, StoredResource? stored, string? uid, string? resourceVersion)
        where T : class, IResource =>
        stored is null ? new WriteDecision.NotFound()
        : !string.IsNullOrEmpty(uid) && uid != stored.Uid
            ? new WriteDecision.Conflict($"The {type.Kind} '{stored.Name}' was deleted and made anew: its uid is {stored.Uid} now.")
        : string.IsNullOrEmpty(resourceVersion) || resourceVersion == stored.ResourceVersion ? null
        : new WriteDecision.Conflict($"The {type.Kind} '{stored.Name}' changed in between: read it again, and apply the change to that.");

    private static WriteDecision.Invalid? LateFinalizer(ObjectMeta present, ImmutableArray<string> wanted) =>
        present.DeletionTimestamp is not null && wanted.Except(present.Finalizers, StringComparer.Ordinal).FirstOrDefault() is { } added
            ? new WriteDecision.Invalid($"metadata.finalizers: '{added}' cannot be added, because the resource is being deleted.")
            : null;

    private static DateTimeOffset ToSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
