using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Operator.Api;

/// <summary>A page of resources, written as it is serialized: a large fleet's list is never held as text.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="type">The kind.</param>
/// <param name="list">The page.</param>
internal sealed class ListDocument<T>(ResourceType<T> type, ResourceList<T> list) : IResult
    where T : class, IResource
{
    private const int FlushAt = 64 * 1024;

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = ApiResults.Json;
        using var writer = new Utf8JsonWriter(httpContext.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, ApiGroup.Version);
        writer.WriteString("kind"u8, type.Kind + "List");
        WriteMetadata(writer);
        writer.WriteStartArray("items"u8);
        foreach (var item in list.Items)
        {
            JsonSerializer.Serialize(writer, item, type.Json);
            if (writer.BytesPending >= FlushAt)
            {
                writer.Flush();
                await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);

                // A client that reads as fast as this is written would have the thread until the end.
                await Task.Yield();
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    private void WriteMetadata(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("metadata"u8);
        writer.WriteString("resourceVersion"u8, list.Metadata.ResourceVersion);
        if (list.Metadata.Continue is { } token)
        {
            writer.WriteString("continue"u8, token);
        }

        writer.WriteEndObject();
    }
}
