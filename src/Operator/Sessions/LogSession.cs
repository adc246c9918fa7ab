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
