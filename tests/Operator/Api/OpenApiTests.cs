using System.Text.Json;

namespace Harmony.Fleet.Tests.Operator.Api;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_NamesEveryPathWithItsAnswers()
    {
        await using var fleet = await OperatorUnderTest.StartAsync();

        var (code, document) = await fleet.SendAsync(HttpMethod.Get, "/openapi/v1.json");

        code.ShouldBe(200);
        document.GetProperty("openapi").GetString()!.ShouldStartWith("3.");
        var paths = document.GetProperty("paths");
        foreach (var path in new[]
        {
            "/api/v1/deployments", "/api/v1/namespaces/{ns}/deployments", "/api/v1/namespaces/{ns}/deployments/{name}",
            "/api/v1/devices", "/api/v1/devices/{name}", "/api/v1/devices/{name}/desired", "/api/v1/devices/{name}/ping", "/api/v1/devices/{name}/logs", "/api/v1/kv",
            "/api/v1/kv/{bucket}", "/api/v1/kv/{bucket}/{key}", "/api/v1/backup", "/api/v1/status", "/api/v1/recovery", "/api/v1/recovery/adopt", "/api/v1/recovery/drop",
        })
        {
            paths.TryGetProperty(path, out _).ShouldBeTrue(path);
        }

        var put = paths.GetProperty("/api/v1/namespaces/{ns}/deployments/{name}").GetProperty("put");
        put.GetProperty("responses").EnumerateObject().Select(answer => answer.Name).ShouldBeSubsetOf(["200", "201", "400", "401", "409", "412", "413", "422", "500", "503"]);
        put.GetProperty("requestBody").ToString().ShouldContain("Deployment");
        foreach (var (method, codes) in new[] { ("get", new[] { "304", "412" }), ("put", ["412"]), ("delete", ["412"]) })
        {
            var operation = paths.GetProperty("/api/v1/devices/{name}").GetProperty(method);
            operation.GetProperty("parameters").EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "header")
                .Select(parameter => parameter.GetProperty("name").GetString()).ShouldBe(["If-Match", "If-None-Match"], method);
            codes.ShouldBeSubsetOf(operation.GetProperty("responses").EnumerateObject().Select(answer => answer.Name));
        }

        var list = paths.GetProperty("/api/v1/devices").GetProperty("get").GetProperty("parameters");
        list.EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()).ShouldBe(["limit", "continue", "labelSelector", "watch", "resourceVersion"]);
        JsonSerializer.Serialize(document.GetProperty("components")).ShouldContain("targetSelector");
    }
}
