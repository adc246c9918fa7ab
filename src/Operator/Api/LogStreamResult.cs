using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Operator.Sessions;

namespace Harmony.Fleet.Operator.Api;

/// <summary>A log as lines of <see cref="LogLine"/>. A log that breaks off ends with a line that says why.</summary>
/// <param name="session">The log; disposed at the end.</param>
internal sealed class LogStreamResult(ILogSession session) : IResult
{
    /// <summary>Pieces may end within a character: each stream's decoder keeps the rest for its next piece.</summary>
    private readonly (Decoder Out, Decoder Error) decoders = (Encoding.UTF8.GetDecoder(), Encoding.UTF8.GetDecoder());

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using (session)
        {
            using var stream = await NdjsonStream.BeginAsync(httpContext);
            try
            {
                await CopyAsync(stream);
            }
            catch (OperationCanceledException) when (stream.Ended.IsCancellationRequested)
            {
                // The reader is gone or the operator stops: the lines so far are whole.
            }
        }
    }

    private async Task CopyAsync(NdjsonStream stream)
    {
        try
        {
            await foreach (var piece in session.ReadAsync(stream.Ended).WithCancellation(stream.Ended))
            {
                if (Decode(piece) is { Length: > 0 } text)
                {
                    await WriteAsync(stream, new LogLine { Stream = piece.IsError ? "stderr" : "stdout", Text = text });
                }
            }
        }
        catch (SessionBrokenException broken)
        {
            await WriteAsync(stream, new LogLine { Error = broken.Message });
        }
    }

    private string Decode(LogPiece piece)
    {
        var decoder = piece.IsError ? decoders.Error : decoders.Out;
        var characters = new char[decoder.GetCharCount(piece.Bytes.Span, flush: false)];
        return new string(characters, 0, decoder.GetChars(piece.Bytes.Span, characters, flush: false));
    }

    private static Task WriteAsync(NdjsonStream stream, LogLine line) =>
        stream.WriteAsync(writer => JsonSerializer.Serialize(writer, line, ContractsJson.Api.LogLine));
}
