namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>One write on its way through the writer.</summary>
internal interface IWrite
{
    /// <summary>Ends it where its caller no longer waits.</summary>
    /// <returns>Whether it ended.</returns>
    bool TryCancel();

    /// <summary>Does it within the open transaction. What it throws other than an error of the database is its own failure.</summary>
    void Apply(WriteSession session);

    /// <summary>Tells its caller: it is on disk.</summary>
    void Committed();

    /// <summary>Tells its caller: nothing was written, or into a file that is gone.</summary>
    void Failed(string reason);
}
