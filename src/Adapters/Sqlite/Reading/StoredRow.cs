using Harmony.Fleet.Adapters.Sqlite.Writing;

namespace Harmony.Fleet.Adapters.Sqlite.Reading;

/// <summary>A resource, as a row holds it.</summary>
/// <param name="Key">Which row.</param>
/// <param name="Body">Its JSON.</param>
internal readonly record struct StoredRow(RowKey Key, byte[] Body);
