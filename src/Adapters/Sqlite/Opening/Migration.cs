namespace Harmony.Fleet.Adapters.Sqlite.Opening;

/// <summary>One step of the schema. What was released is never changed, only followed by another.</summary>
/// <param name="Version">Counts from 1.</param>
/// <param name="Title">What it does.</param>
/// <param name="Sql">The statements.</param>
internal sealed record Migration(int Version, string Title, string Sql);
