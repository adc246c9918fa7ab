using System.Buffers.Binary;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Adapters.Podman.Logs;

/// <summary>
/// Takes a log apart: frames of 8 bytes of header (stream, three zeros, length) and that many bytes. Whatever length a header
/// claims, no more than a block is held at once.
/// </summary>
/// <param name="stream">The log.</param>
/// <param name="isPlain">Whether it has no frames: a terminal's output.</param>
internal sealed class LogFrames(Stream stream, bool isPlain)
{
    private const int HeaderBytes = 8;
    private const int BlockBytes = 16 * 1024;
    private const byte Stderr = 2;

    private readonly byte[] header = new byte[HeaderBytes];
    private uint left;
    private bool isError;

    /// <summary>The next bytes; null at the end.</summary>
    /// <exception cref="InvalidDataException">There is no frame where one must be.</exception>
    /// <exception cref="EndOfStreamException">It ends within a frame.</exception>
    public async ValueTask<LogChunk?> NextAsync(CancellationToken cancellationToken)
    {
        while (left == 0 && !isPlain)
        {
            if (!await NextHeaderAsync(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }

        var block = new byte[isPlain ? BlockBytes : (int)Math.Min(left, BlockBytes)];
        var read = await stream.ReadAsync(block, cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            return isPlain ? null : throw new EndOfStreamException("it ends within a frame");
        }

        left -= isPlain ? 0 : (uint)read;
        return new LogChunk(isError, block.AsMemory(0, read));
    }

    private async ValueTask<bool> NextHeaderAsync(CancellationToken cancellationToken)
    {
        var read = await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            return false;
        }

        if (read < HeaderBytes)
        {
            throw new EndOfStreamException("it ends within a frame's header");
        }

        if (header[0] > Stderr || header[1] != 0 || header[2] != 0 || header[3] != 0)
        {
            throw new InvalidDataException("there is no frame where one must be");
        }

        isError = header[0] == Stderr;
        left = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
        return true;
    }
}
