using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Api;

/// <summary>A user's writes: checked, and merged with what only the control plane writes.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="type">The kind.</param>
/// <param name="store">Where it is stored.</param>
/// <param name="rules">What a user may write.</param>
internal sealed class ResourceWriter<T>(ResourceType<T> type, IResourceStore store, IResourceRules<T> rules)
    where T : class, IResource
{
    /// <summary>How often a write that names no version is tried again when others write at the same time.</summary>
    private const int MaxTries = 8;

    private readonly ResourceAnswers<T> answers = new(type);

    /// <summary>Creates.</summary>
    public async Task<IResult> CreateAsync(T offered, CancellationToken cancellationToken)
    {
        var resource = rules.Admit(offered, null);
        return Refusal(resource) ?? answers.Of(
            await store.CreateAsync(type, resource, cancellationToken), resource.Metadata.Name, StatusCodes.Status201Created);
    }

    /// <summary>Creates, or updates what is there: of the version that is named, or else whichever it is.</summary>
    public async Task<IResult> PutAsync(T offered, RequestConditions conditions, CancellationToken cancellationToken)
    {
        var name = offered.Metadata.Name;
        StoreOutcome<T> outcome = new StoreOutcome<T>.NotFound();
        for (var tries = 0; tries < MaxTries; tries++)
        {
            outcome = await store.GetAsync(type, ResourceKey.Of(offered.Metadata), cancellationToken);
            if (outcome is not (StoreOutcome<T>.Ok or StoreOutcome<T>.NotFound))
            {
                break;
            }

            var stored = (outcome as StoreOutcome<T>.Ok)?.Resource;
            if (conditions.FailureOf(name, stored?.Metadata.ResourceVersion) is { } failure)
            {
                return ApiResults.Failure(failure);
            }

            // What is written from here on is written over this version alone, or over nothing: what holds now holds then.
            var resource = rules.Admit(offered, stored);
            if (Refusal(resource) is { } refusal)
            {
                return refusal;
            }

            if (stored is null && IsOfAnother(offered.Metadata))
            {
                return ApiResults.Failure(ApiFailure.Conflict($"The {type.Kind} '{name}' was deleted in between: leave out uid and resourceVersion to create it anew."));
            }

            outcome = stored is null
                ? await store.CreateAsync(type, resource, cancellationToken)
                : await store.UpdateAsync(type, OnTopOf(resource, stored), cancellationToken);
            if (outcome is StoreOutcome<T>.Ok)
            {
                return answers.Of(outcome, name, stored is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
            }

            if (IsOfAnother(offered.Metadata) || outcome is not (StoreOutcome<T>.Conflict or StoreOutcome<T>.NotFound or StoreOutcome<T>.AlreadyExists))
            {
                break;
            }
        }

        return answers.Of(outcome, name);
    }

    /// <summary>Deletes what is there, where <paramref name="conditions"/> hold.</summary>
    public async Task<IResult> DeleteAsync(ResourceKey key, DeletePreconditions demanded, RequestConditions conditions, CancellationToken cancellationToken)
    {
        if (conditions.IsEmpty)
        {
            return answers.Of(await store.DeleteAsync(type, key, demanded, cancellationToken), key.Name);
        }

        StoreOutcome<T> outcome = new StoreOutcome<T>.NotFound();
        for (var tries = 0; tries < MaxTries; tries++)
        {
            outcome = await store.GetAsync(type, key, cancellationToken);
            if (outcome is not StoreOutcome<T>.Ok { Resource.Metadata: var metadata })
            {
                break;
            }

            if (conditions.FailureOf(key.Name, metadata.ResourceVersion) is { } failure)
            {
                return ApiResults.Failure(failure);
            }

            outcome = await store.DeleteAsync(type, key, demanded with { ResourceVersion = demanded.ResourceVersion ?? metadata.ResourceVersion }, cancellationToken);
            if (outcome is not StoreOutcome<T>.Conflict || demanded != DeletePreconditions.None)
            {
                break;
            }
        }

        return answers.Of(outcome, key.Name);
    }

    private IResult? Refusal(T resource) => rules.Check(resource) is { IsEmpty: false } errors
        ? ApiResults.Failure(ApiFailure.Invalid(type.Kind, resource.Metadata.Name, errors))
        : null;

    private static bool IsOfAnother(ObjectMeta metadata) => !string.IsNullOrEmpty(metadata.ResourceVersion) || !string.IsNullOrEmpty(metadata.Uid);

    private T OnTopOf(T resource, T stored) => string.IsNullOrEmpty(resource.Metadata.ResourceVersion)
        ? type.WithMetadata(resource, resource.Metadata with { ResourceVersion = stored.Metadata.ResourceVersion })
        : resource;
}
