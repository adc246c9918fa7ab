using Harmony.Fleet.Adapters.Sqlite.Writing;

namespace Harmony.Fleet.Adapters.Sqlite.Reading;

/// <summary>A change, as the log holds it.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Change">What happened.</param>
/// <param name="Body">The resource's JSON after it (of a deletion: as it last was, with this version); null for one that was not asked for.</param>
/// <param name="Previous">Its JSON before; null where it was new.</param>
internal sealed record StoredEvent(long Version, ChangeKind Change, byte[]? Body, byte[]? Previous);
