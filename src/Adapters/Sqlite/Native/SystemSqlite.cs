using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Harmony.Fleet.Adapters.Sqlite.Native;

/// <summary>The system's own SQLite library, which the distribution keeps current.</summary>
internal static class SystemSqlite
{
    /// <summary>The library's name on Linux; its Debian package is libsqlite3-0.</summary>
    public const string LibraryName = "libsqlite3.so.0";

    private static readonly Lazy<string?> Loaded = new(Load);

    /// <summary>Makes the library ready, once a process.</summary>
    /// <returns>Null; or what is missing, in one sentence.</returns>
    public static string? Problem() => Loaded.Value;

    /// <summary>Looks for <paramref name="library"/>.</summary>
    /// <returns>Null when it is there; else one sentence that says what to install.</returns>
    internal static string? Find(string library, out nint handle) =>
        NativeLibrary.TryLoad(library, out handle)
            ? null
            : $"The SQLite library {library} is not on this machine; install the Debian package libsqlite3-0 (apt-get install libsqlite3-0).";

    private static string? Load()
    {
        if (Find(LibraryName, out var handle) is { } problem)
        {
            return problem;
        }

        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            (string name, Assembly _, DllImportSearchPath? _) => name == "e_sqlite3" ? handle : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return null;
    }
}
