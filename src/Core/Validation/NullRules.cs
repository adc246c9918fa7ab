using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Validation;

/// <summary>
/// Null is the same as left out, as in Kubernetes, but not where that would mean the most: somebody who left a limit or an address empty, or
/// commented its parts out, did not ask for no limit and every address. (A selector has rules of its own for this.)
/// </summary>
public static class NullRules
{
    private const string Container = "spec.score.PodmanV0.containers[]";

    private static readonly FrozenDictionary<string, string> Meanings = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["metadata.uid"] = "whichever resource has the name",
        ["metadata.resourceVersion"] = "whatever version is stored",
        ["spec"] = "that nothing is specified",
        ["spec.labels"] = "that every label is taken away",
        ["spec.score.PodmanV0.restartPolicy"] = "Always",
        [$"{Container}.limits"] = "no limits",
        [$"{Container}.limits.memoryBytes"] = "no limit",
        [$"{Container}.limits.cpuMillicores"] = "no limit",
        [$"{Container}.ports[].hostIP"] = "every address of the device",
        [$"{Container}.volumeMounts[].readOnly"] = "that the container may write",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A specification that is left out, and every null of <paramref name="resource"/> that would mean the most where it is, were it taken as left out.</summary>
    public static ImmutableArray<FieldError> Check(JsonObject resource) =>
    [
        .. resource.ContainsKey("spec") ? [] : (FieldError[])[FieldError.Required("spec", "say what is wanted; only an explicit {} means nothing")],
        .. Find(resource, string.Empty, string.Empty),
    ];

    private static IEnumerable<FieldError> Find(JsonNode? node, string path, string pattern) => node switch
    {
        null when Meanings.TryGetValue(pattern, out var meaning) =>
            [FieldError.Required(path, $"it is null, which would mean {meaning}: give it a value, or leave it out to mean that")],
        JsonObject members => members.SelectMany(member => Find(member.Value, Join(path, member.Key), Join(pattern, member.Key))),
        JsonArray items => items.SelectMany((item, index) => Find(item, $"{path}[{index}]", $"{pattern}[]")),
        _ => [],
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
