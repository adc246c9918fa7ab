using System.Buffers;
using System.IO.Pipelines;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Server;

/// <summary>An answer that comes line by line (NDJSON). Empty lines are signs of life and skipped.</summary>
internal sealed class LineStream : IAsyncDisposable
{
    private const int MaxLineBytes = 4 * 1024 * 1024;

    private readonly string server;
    private readonly HttpResponseMessage response;
    private readonly PipeReader reader;

    public LineStream(string server, HttpResponseMessage response, Stream stream)
    {
        this.server = server;
        this.response = response;
        reader = PipeReader.Create(stream);
    }

    /// <summary>The next line; null at the end.</summary>
    public async Task<Outcome<byte[]?>> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var line = Take(read.Buffer, read.IsCompleted, out var consumed);
                reader.AdvanceTo(consumed, line is null ? read.Buffer.End : consumed);
                if (line is { Length: > 0 })
                {
                    return line;
                }

                if (line is null && read.IsCompleted)
                {
                    return default(Outcome<byte[]?>);
                }

                if (line is null && read.Buffer.Length > MaxLineBytes)
                {
                    return ApiErrors.NotUnderstood(server);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return ApiErrors.Broken(server, exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await reader.CompleteAsync();
        response.Dispose();
    }

    private static byte[]? Take(ReadOnlySequence<byte> buffer, bool isLast, out SequencePosition consumed)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            consumed = buffer.GetPosition(1, end);
            return buffer.Slice(0, end).ToArray();
        }

        consumed = isLast ? buffer.End : buffer.Start;
        return isLast && !buffer.IsEmpty ? buffer.ToArray() : null;
    }
}
