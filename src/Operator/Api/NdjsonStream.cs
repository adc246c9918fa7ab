using System.Buffers;
using System.Text.Json;

namespace Harmony.Fleet.Operator.Api;

/// <summary>An answer of lines of JSON that goes on until the client or the operator ends it.</summary>
internal sealed class NdjsonStream : IDisposable
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/x-ndjson";

    private readonly HttpResponse response;
    private readonly CancellationTokenSource ending;
    private readonly Utf8JsonWriter writer;

    private NdjsonStream(HttpResponse response, CancellationTokenSource ending)
    {
        (this.response, this.ending) = (response, ending);
        writer = new Utf8JsonWriter(response.BodyWriter);
    }

    /// <summary>Ends when the client is gone, or the operator stops.</summary>
    public CancellationToken Ended => ending.Token;

    /// <summary>Begins the answer: the client sees at once that it stands.</summary>
    public static async Task<NdjsonStream> BeginAsync(HttpContext context)
    {
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var stream = new NdjsonStream(context.Response, CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping));
        context.Response.ContentType = MediaType;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        return stream;
    }

    /// <summary>Sends one line.</summary>
    public async Task WriteAsync(Action<Utf8JsonWriter> write)
    {
        write(writer);
        // Into the response's buffer; the line goes out as one piece with its end.
        writer.Flush();
        writer.Reset();
        response.BodyWriter.Write("\n"u8);
        await response.BodyWriter.FlushAsync(Ended);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        writer.Dispose();
        ending.Dispose();
    }
}
