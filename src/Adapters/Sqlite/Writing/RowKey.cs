using System.Globalization;
using Harmony.Fleet.Core.Resources;
using Harmony.Fleet.Ports.Resources;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>Which row: a resource's key with its kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Namespace">The namespace; empty for cluster-scoped kinds.</param>
/// <param name="Name">The name.</param>
internal readonly record struct RowKey(string Kind, string Namespace, string Name)
{
    /// <summary>The resource's key.</summary>
    public ResourceKey Resource => new(Namespace.Length == 0 ? null : Namespace, Name);

    /// <summary>The row of <paramref name="key"/>.</summary>
    public static RowKey Of(string kind, ResourceKey key) => new(kind, key.Namespace ?? string.Empty, key.Name);

    /// <summary>This row with what it holds.</summary>
    public StoredResource With(string uid, long version, ResourceParts parts) =>
        new(Resource.Namespace, Name, uid, version.ToString(CultureInfo.InvariantCulture), parts);
}

/// <summary>The parts of a row, by their ids.</summary>
/// <param name="Metadata">Of its metadata.</param>
/// <param name="Spec">Of its spec.</param>
/// <param name="Status">Of its status; null where there is none.</param>
internal readonly record struct PartIds(long Metadata, long Spec, long? Status)
{
    /// <summary>The ids of parts that <paramref name="version"/> writes.</summary>
    public static PartIds Of(long version) => new(version * 4, (version * 4) + 1, (version * 4) + 2);
}

/// <summary>Reads parts out of rows.</summary>
internal static class PartColumns
{
    /// <summary>The bodies in three columns from <paramref name="first"/> on. A part that is missing is empty, which is no JSON.</summary>
    /// <param name="row">The row.</param>
    /// <param name="first">The column of the metadata; spec, status, and whether there is a status follow.</param>
    public static ResourceParts Read(SqliteDataReader row, int first) => new(
        Body(row, first), Body(row, first + 1), row.IsDBNull(first + 3) ? null : Body(row, first + 2));

    private static byte[] Body(SqliteDataReader row, int column) => row.IsDBNull(column) ? [] : row.GetFieldValue<byte[]>(column);
}
