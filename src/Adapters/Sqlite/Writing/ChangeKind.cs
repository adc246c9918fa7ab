namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>What happened to a resource. The numbers are stored.</summary>
internal enum ChangeKind
{
    /// <summary>It is new.</summary>
    Added = 1,

    /// <summary>It changed.</summary>
    Modified = 2,

    /// <summary>It is gone.</summary>
    Deleted = 3,
}
