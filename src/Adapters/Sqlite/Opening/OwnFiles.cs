namespace Harmony.Fleet.Adapters.Sqlite.Opening;

/// <summary>The store's folder and files, made for their owner alone. What is there already keeps its rights.</summary>
internal static class OwnFiles
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder where there is none.</summary>
    public static void MakeFolder(string folder) => Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute);

    /// <summary>Makes an empty file where there is none.</summary>
    public static void MakeFile(string path) => Open(path, FileShare.ReadWrite).Dispose();

    /// <summary>Opens a file, and makes it where there is none.</summary>
    public static FileStream Open(string path, FileShare share) => new(path, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = share,
        UnixCreateMode = Owner,
    });
}
