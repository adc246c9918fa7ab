using System.Runtime.CompilerServices;
using Harmony.Fleet.Contracts.Commands;

namespace Harmony.Fleet.Operator.Sessions;

/// <summary>A log, frame by frame.</summary>
/// <param name="session">Its session; disposed with it.</param>
/// <param name="first">The frame that came already.</param>
/// <param name="times">How long the device is waited for.</param>
internal sealed class LogSession(DeviceSession session, ReplyFrame first, SessionTimes times) : ILogSession
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<LogPiece> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var frame = first;
        while (frame.Kind is FrameKind.Data or FrameKind.Error)
        {
            if (frame.Data.Length > 0)
            {
                yield return new LogPiece(frame.Kind == FrameKind.Error, frame.Data);
            }

            await session.ConsumedAsync(cancellationToken);
            frame = await session.NextAsync(times.Silence, cancellationToken);
        }

        if (frame.Kind == FrameKind.Failed)
        {
            throw new SessionBrokenException(DeviceSession.ReasonOf(frame), isDeviceAway: false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => session.DisposeAsync();
}

/// <summary>A log that comes from a device.</summary>
internal interface ILogSession : IAsyncDisposable
{
    /// <summary>The pieces, in order and without a gap, as fast as they are read. One reader, once.</summary>
    /// <exception cref="SessionBrokenException">It ended before its end: the device went away, or a frame was lost.</exception>
    IAsyncEnumerable<LogPiece> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A piece of a log.</summary>
/// <param name="IsError">Whether the container wrote it to stderr.</param>
/// <param name="Bytes">As the container wrote them: a piece may end within a line, and within a character.</param>
internal readonly record struct LogPiece(bool IsError, ReadOnlyMemory<byte> Bytes);

/// <summary>A device's answer ended before its end.</summary>
/// <param name="reason">One sentence.</param>
/// <param name="isDeviceAway">Whether the device fell silent; else it said itself why it ended, or sent what cannot be.</param>
internal sealed class SessionBrokenException(string reason, bool isDeviceAway) : IOException(reason)
{
    /// <summary>Whether the device fell silent.</summary>
    public bool IsDeviceAway { get; } = isDeviceAway;
}
