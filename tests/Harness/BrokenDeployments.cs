using System.Text.Json.Nodes;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>A Deployment that says all that there is to say, again and again with one value that is of another kind.</summary>
public static class BrokenDeployments
{
    private const string Whole = """
        {"apiVersion":"fleet.nationtech.io/v1alpha1","kind":"Deployment",
         "metadata":{"name":"web","namespace":"plant","generation":1,"creationTimestamp":"2026-11-21T07:33:00Z","finalizers":["a/b"],"labels":{"a":"b"},"annotations":{"a":"b"}},
         "spec":{"targetSelector":{"matchLabels":{"site":"a"},"matchExpressions":[{"key":"a","operator":"In","values":["b"]}]},
                 "score":{"PodmanV0":{"restartPolicy":"Always","containers":[{"name":"main","image":"docker.io/library/web:1","command":["a"],"args":["b"],"env":[{"name":"A","value":"b"}],
                   "ports":[{"containerPort":80,"hostPort":80,"hostIP":"127.0.0.1","protocol":"tcp"}],"volumeMounts":[{"volume":"v","mountPath":"/v","readOnly":true}],"limits":{"memoryBytes":1048576,"cpuMillicores":100}}]}}},
         "status":{"observedGeneration":1,"aggregate":{"matchedDeviceCount":1,"lastError":{"device":"pi-1","message":"m","at":"2026-11-21T07:33:00Z"}},
                   "conditions":[{"type":"Converged","status":"True","reason":"r","message":"m"}]}}
        """;

    private static readonly string[] Others = ["{}", "[]", "7", "1.5", "\"x\"", "\"2026/11/21\"", "true", "null", "1e400", "99999999999999999999", "{\"x\":1}", "[[]]"];

    /// <summary>All of them, as JSON.</summary>
    public static IEnumerable<string> All()
    {
        var count = Nodes(JsonNode.Parse(Whole)!).Count();
        for (var at = 1; at < count; at++)
        {
            foreach (var other in Others)
            {
                var broken = JsonNode.Parse(Whole)!;
                Nodes(broken).ElementAt(at).ReplaceWith(JsonNode.Parse(other));
                yield return broken.ToJsonString();
            }
        }
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode node) =>
    [
        node,
        .. node switch
        {
            JsonObject members => members.SelectMany(member => Nodes(member.Value!)),
            JsonArray items => items.SelectMany(item => Nodes(item!)),
            _ => [],
        },
    ];
}
