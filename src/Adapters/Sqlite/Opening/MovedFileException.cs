namespace Harmony.Fleet.Adapters.Sqlite.Opening;

/// <summary>A file of the store is no longer the one that is open.</summary>
/// <param name="message">One sentence that says what to do.</param>
internal sealed class MovedFileException(string message) : IOException(message);
