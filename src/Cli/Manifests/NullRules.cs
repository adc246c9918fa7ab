using System.Text.Json.Nodes;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>
/// Null is the same as left out, but not where that would mean the widest: entries that were all commented out leave such a null behind, and
/// must not make a deployment go everywhere, or a container do without its limits.
/// </summary>
internal static class NullRules
{
    private const string WhichDevices = "say which devices, or write {} and say --all-devices for all of them";

    /// <summary>What of a Deployment is null and must not be.</summary>
    public static IReadOnlyList<FieldError> Check(JsonObject content)
    {
        if (content["spec"] is not JsonObject spec)
        {
            return [];
        }

        if (spec["targetSelector"] is not { } selector)
        {
            return [new FieldError("spec.targetSelector", $"is {(spec.ContainsKey("targetSelector") ? "empty" : "missing")}: {WhichDevices}")];
        }

        return [.. Selector(selector as JsonObject, "spec.targetSelector").Select(path => new FieldError(path, "is empty: say what must hold, or leave it out")), .. Containers(spec)];
    }

    /// <summary>A label without a value is told elsewhere: it makes nothing wider.</summary>
    private static IEnumerable<string> Selector(JsonObject? selector, string path) => (selector ?? [])
        .SelectMany(pair => pair is { Key: "matchLabels", Value: not null } ? [] : Nulls(pair.Value, $"{path}.{pair.Key}"));

    private static IEnumerable<FieldError> Containers(JsonObject spec)
    {
        var containers = spec["score"] is JsonObject score && score["PodmanV0"] is JsonObject podman ? podman["containers"] as JsonArray : null;
        foreach (var (container, path) in (containers ?? []).Select((container, index) => (container as JsonObject, $"spec.score.PodmanV0.containers[{index}]")))
        {
            foreach (var limits in Member(container, "limits", path))
            {
                yield return new FieldError(limits, "is empty, which would mean no limit: say one, or leave it out");
            }

            foreach (var address in (container?["ports"] as JsonArray ?? []).SelectMany((port, index) => Member(port as JsonObject, "hostIp", $"{path}.ports[{index}]")))
            {
                yield return new FieldError(address, "is empty, which would mean every address: say one, or leave it out");
            }
        }
    }

    private static IEnumerable<string> Member(JsonObject? parent, string name, string path) =>
        parent?.ContainsKey(name) == true ? Nulls(parent[name], $"{path}.{name}") : [];

    private static IEnumerable<string> Nulls(JsonNode? node, string path) => node switch
    {
        null => [path],
        JsonObject mapping => mapping.SelectMany(pair => Nulls(pair.Value, $"{path}.{pair.Key}")),
        JsonArray list => list.SelectMany((item, index) => Nulls(item, $"{path}[{index}]")),
        _ => [],
    };
}
