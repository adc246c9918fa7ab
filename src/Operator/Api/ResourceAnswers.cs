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
        ? ApiResults.Document(ok.Resource, type.Json, code)
        : ApiResults.Failure(FailureOf(outcome, name));

    /// <summary>The failure of an outcome that is not Ok.</summary>
    public ApiFailure FailureOf(StoreOutcome<T> outcome, string name) => outcome switch
    {
        StoreOutcome<T>.NotFound => ApiFailure.NotFound($"{type.Plural} \"{name}\" not found"),
        StoreOutcome<T>.AlreadyExists => ApiFailure.AlreadyExists($"{type.Plural} \"{name}\" already exists"),
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
