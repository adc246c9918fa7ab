using SQLitePCL;

namespace Harmony.Fleet.Adapters.Sqlite.Native;

/// <summary>SQLite itself, which lies beside the program.</summary>
internal static class SqliteLibrary
{
    private static readonly Lazy<string?> Loaded = new(() => Load(Batteries_V2.Init));

    /// <summary>Makes the library ready, once a process.</summary>
    /// <returns>Null; or why there is none, in one sentence.</returns>
    public static string? Problem() => Loaded.Value;

    /// <summary>Runs <paramref name="initialize"/>, which loads the library.</summary>
    /// <returns>Null; or one sentence that says what to do.</returns>
    internal static string? Load(Action initialize)
    {
        try
        {
            initialize();
            return null;
        }
        catch (Exception error) when (Cause(error) is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            // The loader's own message is a page of every path that it tried.
            return $"The SQLite library libe_sqlite3.so, which belongs beside this program in {AppContext.BaseDirectory}, cannot be loaded "
                + $"({Cause(error).GetType().Name}): install the program again, all of its files and for this machine's processor ({Processor}).";
        }
    }

    private static string Processor => System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier;

    /// <summary>A static constructor's failure hides what failed in it.</summary>
    private static Exception Cause(Exception error) => error is TypeInitializationException { InnerException: { } inner } ? Cause(inner) : error;
}
