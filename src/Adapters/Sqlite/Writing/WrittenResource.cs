using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>What a write decided and stored.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="Decision">The decision.</param>
/// <param name="Body">The JSON that was stored, or of what was removed; null where nothing was written.</param>
internal sealed record WrittenResource<T>(WriteDecision<T> Decision, byte[]? Body)
    where T : class, IResource
{
    /// <summary>What to tell the caller: exactly what a read would find.</summary>
    public StoreOutcome<T> Outcome(ResourceType<T> type) => Decision switch
    {
        WriteDecision<T>.Store or WriteDecision<T>.Remove => new StoreOutcome<T>.Ok(StoredResource.Parse(type, Body!)),
        WriteDecision<T>.Keep keep => new StoreOutcome<T>.Ok(keep.Resource),
        WriteDecision<T>.NotFound => new StoreOutcome<T>.NotFound(),
        WriteDecision<T>.AlreadyExists => new StoreOutcome<T>.AlreadyExists(),
        WriteDecision<T>.Conflict conflict => new StoreOutcome<T>.Conflict(conflict.Reason),
        WriteDecision<T>.Invalid invalid => new StoreOutcome<T>.Invalid(invalid.Reason),
        _ => throw new InvalidOperationException($"The decision {Decision} is not handled."),
    };
}
