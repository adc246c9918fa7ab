using Harmony.Fleet.Adapters.Sqlite.Writing;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Adapters.Sqlite.Reading;

/// <summary>A change, as the log holds it.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Change">What happened.</param>
/// <param name="Now">The resource after it (of a deletion: as it last was, with this version); null for one that was not asked for.</param>
/// <param name="Before">The resource before it; null where it was new, or its metadata were the same.</param>
internal sealed record StoredEvent(long Version, ChangeKind Change, StoredResource? Now, StoredResource? Before);
