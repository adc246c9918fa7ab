using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Bus;

namespace Harmony.Fleet.Operator.Api;

/// <summary>The keys of scores in manifests: whoever looks at a bucket over somebody's shoulder is not shown them.</summary>
internal static class HiddenKeys
{
    private const string Hidden = "***";

    /// <summary><paramref name="value"/> of <paramref name="bucket"/>, without the keys in it.</summary>
    public static BucketValue Hide(string bucket, BucketValue value) => bucket == BucketNames.DesiredState && value.Value is { ValueKind: JsonValueKind.Object } manifest
        ? value with { Value = Hide(manifest) }
        : value;

    private static JsonElement Hide(JsonElement manifest)
    {
        var content = JsonObject.Create(manifest)!;
        foreach (var entry in (content["entries"] as JsonArray ?? []).OfType<JsonObject>().Where(entry => entry.ContainsKey("key")))
        {
            entry["key"] = Hidden;
        }

        return JsonElement.Parse(content.ToJsonString());
    }
}
