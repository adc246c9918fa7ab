using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Api;

/// <summary>The store's outcomes as answers.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="type">The kind.</param>
internal sealed class ResourceAnswers<T>(ResourceType<T> type)
    where T : class, IResource
{
    /// <summary>The answer to an outcome on the resource <paramref name="name"/>.</summary>
    public IResult Of(StoreOutcome<T> outcome, string name, int code = StatusCodes.Status200OK) => outcome is StoreOutcome<T>.Ok ok
        ? new ResourceDocument<T>(type, ok.Resource, code)
        : ApiResults.Failure(FailureOf(outcome, name));

    /// <summary>The answer to a read under <paramref name="conditions"/>.</summary>
    public IResult Of(StoreOutcome<T> outcome, string name, RequestConditions conditions)
    {
        if (outcome is not (StoreOutcome<T>.Ok or StoreOutcome<T>.NotFound))
        {
            return Of(outcome, name);
        }

        var version = (outcome as StoreOutcome<T>.Ok)?.Resource.Metadata.ResourceVersion;
        return conditions.IfMatchFailure(name, version) is { } failure ? ApiResults.Failure(failure)
            : conditions.IsKnown(version) ? new NotModified(version!)
            : Of(outcome, name);
    }

    /// <summary>The failure of an outcome that is not Ok.</summary>
    public ApiFailure FailureOf(StoreOutcome<T> outcome, string name) => outcome switch
    {
        StoreOutcome<T>.NotFound => ApiFailure.NotFound(type.NotFound(name)),
        StoreOutcome<T>.AlreadyExists => ApiFailure.AlreadyExists($"{type.Called(name)} already exists"),
        StoreOutcome<T>.Conflict conflict => ApiFailure.Conflict(conflict.Reason),
        StoreOutcome<T>.Invalid invalid => ApiFailure.Invalid($"{type.Kind} \"{name}\" is invalid: {invalid.Reason}"),
        StoreOutcome<T>.Unavailable away => ApiFailure.Unavailable(away.Reason),
        _ => throw new InvalidOperationException($"The outcome {outcome} is not handled."),
    };

    /// <summary>The failure of a list that is not Ok.</summary>
    public static ApiFailure FailureOf(ListOutcome<T> outcome) => outcome switch
    {
        ListOutcome<T>.Gone gone => ApiFailure.Expired(gone.Reason),
        ListOutcome<T>.Invalid invalid => ApiFailure.BadRequest(invalid.Reason),
        ListOutcome<T>.Unavailable away => ApiFailure.Unavailable(away.Reason),
        _ => throw new InvalidOperationException($"The outcome {outcome} is not handled."),
    };
}

/// <summary>A resource, with its version as entity tag.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="type">The kind.</param>
/// <param name="resource">The resource.</param>
/// <param name="code">The HTTP status.</param>
internal sealed class ResourceDocument<T>(ResourceType<T> type, T resource, int code) : IResult
    where T : class, IResource
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.ETag = RequestConditions.TagOf(resource.Metadata.ResourceVersion);
        return ApiResults.Document(resource, type.Json, code).ExecuteAsync(httpContext);
    }
}

/// <summary>The sender has this version already.</summary>
/// <param name="version">The version.</param>
internal sealed class NotModified(string version) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        httpContext.Response.Headers.ETag = RequestConditions.TagOf(version);
        return Task.CompletedTask;
    }
}
