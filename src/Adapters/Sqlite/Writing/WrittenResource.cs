using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>What a write decided and stored.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Stored">What was stored, or removed; null where nothing was written.</param>
internal sealed record WrittenResource(WriteDecision Decision, StoredResource? Stored)
{
    /// <summary>Reads what is stored, decides, and writes.</summary>
    /// <param name="session">Where.</param>
    /// <param name="row">Which.</param>
    /// <param name="newUid">The uid of one that is new.</param>
    /// <param name="decide">What comes of what is stored.</param>
    /// <exception cref="JsonException">What is stored is not readable.</exception>
    public static WrittenResource Apply(WriteSession session, RowKey row, string newUid, Func<StoredResource?, WriteDecision> decide)
    {
        var stored = session.Find(row);
        var decision = decide(stored?.Resource);
        return new WrittenResource(decision, decision switch
        {
            WriteDecision.Store store => session.Put(row, stored?.Resource.Uid ?? newUid, store.Parts, stored),
            WriteDecision.Remove remove => session.Remove(row, remove.Parts, stored!),
            _ => null,
        });
    }

    /// <summary>What to tell the caller: exactly what a read would find.</summary>
    /// <exception cref="JsonException">It was written, and cannot be read.</exception>
    public StoreOutcome<T> Outcome<T>(ResourceType<T> type)
        where T : class, IResource => Decision switch
    {
        WriteDecision.Store => new StoreOutcome<T>.Ok(Stored!.Read(type)),
        WriteDecision.Remove => new StoreOutcome<T>.Ok(Stored!.ReadOrName(type)),
        WriteDecision.Keep keep => new StoreOutcome<T>.Ok(keep.Stored.Read(type)),
        WriteDecision.NotFound => new StoreOutcome<T>.NotFound(),
        WriteDecision.AlreadyExists => new StoreOutcome<T>.AlreadyExists(),
        WriteDecision.Conflict conflict => new StoreOutcome<T>.Conflict(conflict.Reason),
        WriteDecision.Invalid invalid => new StoreOutcome<T>.Invalid(invalid.Reason),
        _ => throw new InvalidOperationException($"The decision {Decision} is not handled."),
    };
}
