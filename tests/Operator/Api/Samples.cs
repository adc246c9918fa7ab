using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.Fleet.Tests.Operator.Api;

/// <summary>Bodies of requests.</summary>
internal static class Samples
{
    public const string Deployments = "/api/v1/namespaces/plant/deployments";
    public const string Web = Deployments + "/web";
    public const string Devices = "/api/v1/devices";
    public const string Pi = Devices + "/pi-1";

    /// <summary>A Deployment that the fleet can carry out.</summary>
    public static string Deployment(string? name = "web", string image = "docker.io/library/web:1", string? version = null) => Json(new JsonObject
    {
        ["apiVersion"] = "fleet.nationtech.io/v1alpha1",
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "plant", ["resourceVersion"] = version },
        ["spec"] = new JsonObject
        {
            ["targetSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["site"] = "a" } },
            ["score"] = new JsonObject
            {
                ["PodmanV0"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = image }) },
            },
        },
    });

    /// <summary>A Device with an administrator's label.</summary>
    public static string Device(string key = "site", string value = "a") => Json(new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = "pi-1" },
        ["spec"] = new JsonObject { ["labels"] = new JsonObject { [key] = value } },
    });

    public static string Image(JsonElement deployment) =>
        deployment.GetProperty("spec").GetProperty("score").GetProperty("PodmanV0").GetProperty("containers")[0].GetProperty("image").GetString()!;

    public static string Version(JsonElement resource) => resource.GetProperty("metadata").GetProperty("resourceVersion").GetString()!;

    /// <summary>The answer is a Status of this code and reason.</summary>
    public static void ShouldBeStatus(this (int Code, JsonElement Body) answer, int code, string reason, string? mentions = null)
    {
        answer.Code.ShouldBe(code, answer.Body.ToString());
        answer.Body.GetProperty("kind").GetString().ShouldBe("Status");
        answer.Body.GetProperty("apiVersion").GetString().ShouldBe("v1");
        answer.Body.GetProperty("status").GetString().ShouldBe("Failure");
        answer.Body.GetProperty("code").GetInt32().ShouldBe(code);
        answer.Body.GetProperty("reason").GetString().ShouldBe(reason);
        answer.Body.GetProperty("message").GetString()!.ShouldContain(mentions ?? " ");
    }

    private static string Json(JsonObject json)
    {
        foreach (var (key, value) in json["metadata"]!.AsObject().ToList())
        {
            if (value is null)
            {
                json["metadata"]!.AsObject().Remove(key);
            }
        }

        return json.ToJsonString();
    }
}
