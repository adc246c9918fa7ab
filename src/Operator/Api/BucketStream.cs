using System.Text.Json;
using System.Text.Unicode;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Api;

/// <summary>A bucket's values and their changes, as lines of <see cref="BucketValue"/>. When the bus was away, all values come again.</summary>
/// <param name="bucket">The bucket.</param>
/// <param name="shown">What of a value is shown.</param>
/// <param name="hasEnd">Whether it ends with the values as they are now: their changes are not waited for.</param>
internal sealed class BucketStream(IBucket bucket, Func<BucketValue, BucketValue> shown, bool hasEnd) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var stream = await NdjsonStream.BeginAsync(httpContext);
        try
        {
            await foreach (var seen in bucket.WatchAsync(">", stream.Ended).WithCancellation(stream.Ended))
            {
                if (hasEnd && seen is BucketEvent.CaughtUp)
                {
                    return;
                }

                if (seen is BucketEvent.Changed changed)
                {
                    await stream.WriteAsync(writer => JsonSerializer.Serialize(writer, shown(Show(changed.Value)), ContractsJson.Api.BucketValue));
                }
            }
        }
        catch (OperationCanceledException) when (stream.Ended.IsCancellationRequested)
        {
            // The client is gone or the operator stops: the lines so far are whole.
        }
    }

    /// <summary>An entry as it is shown: its value as JSON where it can be written as that, else as bytes.</summary>
    public static BucketValue Show(BucketEntry entry)
    {
        var json = entry.IsDeleted ? null : Parse(entry.Value);
        return new BucketValue
        {
            Key = entry.Key,
            Revision = entry.Revision,
            Created = entry.Created,
            Deleted = entry.IsDeleted,
            Mac = entry.Headers.Mac,
            Value = json,
            Base64 = entry.IsDeleted || json is not null ? null : entry.Value.ToArray(),
        };
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> value)
    {
        // Text that is no UTF-8 would be shown as another.
        if (!Utf8.IsValid(value.Span))
        {
            return null;
        }

        try
        {
            // Two levels are left for the object around it, so that what parses can also be written.
            using var document = JsonDocument.Parse(value, new JsonDocumentOptions { MaxDepth = WireLimits.MaxJsonDepth - 2 });
            using var writer = new Utf8JsonWriter(Stream.Null);
            document.RootElement.WriteTo(writer);
            return document.RootElement.Clone();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            // InvalidOperationException and ArgumentException: text that is no Unicode, for example half of a surrogate pair. It parses, and
            // cannot be written: a device can store it under its own key, and must not end the streams of others by it.
            return null;
        }
    }
}
