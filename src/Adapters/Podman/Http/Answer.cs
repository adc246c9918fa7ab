using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Adapters.Podman.Http;

/// <summary>A whole answer of podman's.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its bytes.</param>
internal readonly record struct Answer(HttpStatusCode Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whether podman did it now, or says that it was so already (304).</summary>
    public bool IsDone => (int)Status is (>= 200 and < 300) or 304;

    /// <summary>Whether there is no such thing.</summary>
    public bool IsNotFound => Status == HttpStatusCode.NotFound;

    /// <summary>The body as a document.</summary>
    public Outcome<T> Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body.Span, type) is { } document
                ? document
                : Unreadable("it is empty");
        }
        catch (JsonException broken)
        {
            return Unreadable(JsonProblem.Of(broken));
        }
    }

    private static Fault Unreadable(string reason) =>
        new(FaultKind.Unreachable, "podman's answer cannot be read: " + Failures.OneLine(reason));
}
