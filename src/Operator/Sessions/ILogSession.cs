namespace Harmony.Fleet.Operator.Sessions;

/// <summary>A log that comes from a device.</summary>
internal interface ILogSession : IAsyncDisposable
{
    /// <summary>The pieces, in order and without a gap, as fast as they are read. One reader, once.</summary>
    /// <exception cref="SessionBrokenException">It ended before its end: the device went away, or a frame was lost.</exception>
    IAsyncEnumerable<LogPiece> ReadAsync(CancellationToken cancellationToken);
}
