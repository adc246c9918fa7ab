using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.Fleet.Core.Resources;

/// <summary>
/// Keeps what a newer version of this program stored and this one does not know: a write changes only what differs between what this program
/// read and what it writes. Items of a list are the same where they are equal, or have the same <c>name</c> or <c>type</c>.
/// </summary>
public static class UnknownMembers
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The JSON to store.</summary>
    /// <param name="stored">What is stored.</param>
    /// <param name="known">What of it this program knows: <paramref name="stored"/>, read and written again.</param>
    /// <param name="next">What it shall become, as far as this program knows.</param>
    /// <exception cref="JsonException">What is stored is no JSON.</exception>
    public static byte[] Keep(byte[] stored, byte[] known, byte[] next) =>
        known.AsSpan().SequenceEqual(next) ? stored
        : known.AsSpan().SequenceEqual(stored) ? next
        : Text(Merge(Parse(stored), Parse(known), Parse(next)));

    private static JsonNode? Parse(byte[] json) => JsonNode.Parse(json, documentOptions: Strict);

    private static byte[] Text(JsonNode? node)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            node!.WriteTo(writer);
        }

        return text.ToArray();
    }

    private static JsonNode? Merge(JsonNode? stored, JsonNode? known, JsonNode? next) => (stored, known, next) switch
    {
        _ when JsonNode.DeepEquals(known, next) => stored?.DeepClone(),
        (JsonObject was, JsonObject read, JsonObject wanted) => Merge(was, read, wanted),
        (JsonArray was, JsonArray read, JsonArray wanted) when was.Count == read.Count => Merge(was, read, wanted),
        _ => next?.DeepClone(),
    };

    private static JsonObject Merge(JsonObject stored, JsonObject known, JsonObject next)
    {
        var merged = new JsonObject();
        foreach (var (name, value) in stored.Where(member => next.ContainsKey(member.Key) || !known.ContainsKey(member.Key)))
        {
            merged[name] = !next.TryGetPropertyValue(name, out var wanted) ? value?.DeepClone()
                : known.TryGetPropertyValue(name, out var read) ? Merge(value, read, wanted)
                : wanted?.DeepClone();
        }

        foreach (var (name, value) in next.Where(member => !stored.ContainsKey(member.Key)))
        {
            merged[name] = value?.DeepClone();
        }

        return merged;
    }

    private static JsonArray Merge(JsonArray stored, JsonArray known, JsonArray next) =>
        new([.. next.Select(item => Of(known, item) is var at && at < 0 ? item?.DeepClone() : Merge(stored[at], known[at], item))]);

    /// <summary>Where an item was before; -1 for one that is new.</summary>
    private static int Of(JsonArray known, JsonNode? item)
    {
        var equal = known.ToList().FindIndex(other => JsonNode.DeepEquals(other, item));
        return equal >= 0 || Id(item) is not { } id ? equal : known.ToList().FindIndex(other => Id(other) == id);
    }

    private static string? Id(JsonNode? item) =>
        item is JsonObject members && (members["name"] ?? members["type"]) is JsonValue value && value.TryGetValue<string>(out var id) ? id : null;
}
