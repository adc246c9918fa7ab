namespace Harmony.Fleet.Adapters.Sqlite.Opening;

/// <summary>Why a store was not opened.</summary>
public enum OpenRefusal
{
    /// <summary>The SQLite library that belongs beside the program cannot be loaded.</summary>
    NoLibrary,

    /// <summary>Another process holds it.</summary>
    Held,

    /// <summary>The file is damaged, or no database.</summary>
    Damaged,

    /// <summary>The file is another program's.</summary>
    Foreign,

    /// <summary>A newer version of this program wrote it.</summary>
    Newer,

    /// <summary>The folder or file cannot be used: rights, a full disk, no such folder.</summary>
    Unusable,
}
