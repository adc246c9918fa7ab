using System.Buffers;
using System.Runtime.CompilerServices;

namespace Harmony.Fleet.Adapters.Podman.Http;

/// <summary>Reads no more than it was told to.</summary>
internal static class CappedReading
{
    private const int BlockBytes = 16 * 1024;

    /// <summary>All of <paramref name="stream"/>.</summary>
    /// <exception cref="InvalidDataException">It is longer than <paramref name="limit"/>.</exception>
    public static async Task<ReadOnlyMemory<byte>> AllAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var written = new ArrayBufferWriter<byte>(BlockBytes);
        while (true)
        {
            var read = await stream.ReadAsync(written.GetMemory(BlockBytes), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return written.WrittenMemory;
            }

            written.Advance(read);
            if (written.WrittenCount > limit)
            {
                throw new InvalidDataException($"it is longer than {limit} bytes");
            }
        }
    }

    /// <summary>The lines of <paramref name="stream"/>, empty ones left out. A line is valid until the next is asked for.</summary>
    /// <exception cref="InvalidDataException">A line is longer than <paramref name="lineLimit"/>, or all are than <paramref name="limit"/>.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(
        Stream stream, int lineLimit, long limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pending = new ArrayBufferWriter<byte>(BlockBytes);
        var block = new byte[BlockBytes];
        long total = 0;
        int read;
        while ((read = await stream.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0)
        {
            total += read;
            for (var start = 0; start < read;)
            {
                var end = block.AsSpan(start, read - start).IndexOf((byte)'\n');
                pending.Write(block.AsSpan(start, end < 0 ? read - start : end));
                Check(pending.WrittenCount, lineLimit, total, limit);
                if (end < 0)
                {
                    break;
                }

                if (pending.WrittenCount > 0)
                {
                    yield return pending.WrittenMemory;
                }

                pending.ResetWrittenCount();
                start += end + 1;
            }
        }

        if (pending.WrittenCount > 0)
        {
            yield return pending.WrittenMemory;
        }
    }

    private static void Check(int line, int lineLimit, long total, long limit)
    {
        if (line > lineLimit || total > limit)
        {
            throw new InvalidDataException(line > lineLimit ? $"a line is longer than {lineLimit} bytes" : $"it is longer than {limit} bytes");
        }
    }
}

/// <summary>How much of an answer is read at the most. Podman is local, but what it repeats comes from images and registries.</summary>
internal static class ResponseLimits
{
    /// <summary>One document, in bytes.</summary>
    public const int DocumentBytes = 8 * 1024 * 1024;

    /// <summary>An error, in bytes.</summary>
    public const int ErrorBytes = 64 * 1024;

    /// <summary>One line of a stream, in bytes.</summary>
    public const int LineBytes = 256 * 1024;

    /// <summary>All lines of a pull, in bytes.</summary>
    public const int PullBytes = 16 * 1024 * 1024;

    /// <summary>The longest text of a failure, in characters.</summary>
    public const int MessageChars = 1000;
}
