using Harmony.Fleet.Adapters.Sqlite.Opening;

namespace Harmony.Fleet.Adapters.Sqlite;

/// <summary>What became of opening a store.</summary>
public abstract record OpenOutcome
{
    private OpenOutcome()
    {
    }

    /// <summary>It is open.</summary>
    /// <param name="Store">It; the caller's to dispose.</param>
    public sealed record Opened(SqliteStore Store) : OpenOutcome;

    /// <summary>It stays closed, and nothing was changed.</summary>
    /// <param name="Cause">Why.</param>
    /// <param name="Reason">One sentence that says what to do.</param>
    public sealed record Refused(OpenRefusal Cause, string Reason) : OpenOutcome;
}
