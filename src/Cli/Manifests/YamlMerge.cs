using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>
/// The merge key: <c>&lt;&lt;: *base</c> brings the members of another mapping, of several the earlier one's. What a mapping says itself wins.
/// Where it says so before the merge key kubectl and YAML's own rule differ: that is an error, so that a file means one thing everywhere.
/// </summary>
internal static class YamlMerge
{
    private const string Tag = "tag:yaml.org,2002:merge";

    /// <summary>Whether <paramref name="key"/> is the merge key: in quotes it is a text.</summary>
    public static bool IsKey(Scalar key) => (key.Value == "<<" && key.Style is ScalarStyle.Plain or ScalarStyle.Any && key.Tag.IsEmpty)
        || (!key.Tag.IsEmpty && !key.Tag.IsNonSpecific && key.Tag.Value == Tag);

    /// <summary>What the merge key <paramref name="key"/> brings.</summary>
    /// <param name="key">It.</param>
    /// <param name="value">Its value: a mapping, or a list of them.</param>
    /// <param name="before">What the mapping says before it.</param>
    public static JsonObject Sources(Scalar key, JsonNode? value, JsonObject before)
    {
        var sources = value switch
        {
            JsonObject one => [one],
            JsonArray several when several.All(item => item is JsonObject) => several.Cast<JsonObject>().ToList(),
            _ => throw new YamlException(key.Start, key.End, "<< takes a mapping, or a list of mappings"),
        };
        var merged = new JsonObject();
        foreach (var source in sources)
        {
            Fill(merged, source);
        }

        return merged.FirstOrDefault(pair => before.ContainsKey(pair.Key)).Key is { } twice
            ? throw new YamlException(key.Start, key.End, $"<< brings '{twice}', which stands before it: put << first, so that every reader takes the mapping's own")
            : merged;
    }

    /// <summary>Moves what <paramref name="members"/> do not have from <paramref name="merged"/> into them.</summary>
    public static void Fill(JsonObject members, JsonObject? merged)
    {
        foreach (var (name, value) in merged?.ToList() ?? [])
        {
            if (!members.ContainsKey(name))
            {
                merged!.Remove(name);
                members.Add(name, value);
            }
        }
    }
}
