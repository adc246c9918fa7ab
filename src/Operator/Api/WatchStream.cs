using System.Text.Json;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Api;

/// <summary>A watch as lines of <c>{"type": ..., "object": ...}</c>.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="type">The kind.</param>
/// <param name="events">The watch, once it gets its token.</param>
internal sealed class WatchStream<T>(ResourceType<T> type, Func<CancellationToken, IAsyncEnumerable<WatchEvent<T>>> events) : IResult
    where T : class, IResource
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var stream = await NdjsonStream.BeginAsync(httpContext);
        try
        {
            await foreach (var seen in events(stream.Ended).WithCancellation(stream.Ended))
            {
                await stream.WriteAsync(writer => Write(writer, seen));
            }
        }
        catch (OperationCanceledException) when (stream.Ended.IsCancellationRequested)
        {
            // The client is gone or the operator stops: the lines so far are whole, and the client watches again.
        }
    }

    private void Write(Utf8JsonWriter writer, WatchEvent<T> seen)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, Name(seen));
        writer.WritePropertyName("object"u8);
        switch (seen)
        {
            case WatchEvent<T>.Added added:
                JsonSerializer.Serialize(writer, added.Resource, type.Json);
                break;
            case WatchEvent<T>.Modified modified:
                JsonSerializer.Serialize(writer, modified.Resource, type.Json);
                break;
            case WatchEvent<T>.Deleted deleted:
                JsonSerializer.Serialize(writer, deleted.Resource, type.Json);
                break;
            case WatchEvent<T>.Bookmark bookmark:
                WriteBookmark(writer, bookmark.ResourceVersion);
                break;
            case WatchEvent<T>.Gone gone:
                JsonSerializer.Serialize(writer, ApiFailure.Expired(gone.Reason).ToStatus(), ContractsJson.Api.ApiStatus);
                break;
        }

        writer.WriteEndObject();
    }

    private void WriteBookmark(Utf8JsonWriter writer, string version)
    {
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, ApiGroup.Version);
        writer.WriteString("kind"u8, type.Kind);
        writer.WriteStartObject("metadata"u8);
        writer.WriteString("resourceVersion"u8, version);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string Name(WatchEvent<T> seen) => seen switch
    {
        WatchEvent<T>.Added => "ADDED",
        WatchEvent<T>.Modified => "MODIFIED",
        WatchEvent<T>.Deleted => "DELETED",
        WatchEvent<T>.Bookmark => "BOOKMARK",
        _ => "ERROR",
    };
}
