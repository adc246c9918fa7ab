namespace Harmony.Fleet.Tests.Operator.Api;

/// <summary>What is absent, null, empty, mistyped or said twice never comes to mean the most.</summary>
public sealed class WidestMeaningTests : IAsyncLifetime
{
    private OperatorUnderTest? started;

    private OperatorUnderTest Fleet => started!;

    public async ValueTask InitializeAsync() => started = await OperatorUnderTest.StartAsync();

    public ValueTask DisposeAsync() => Fleet.DisposeAsync();

    [Theory]
    [InlineData("", "spec.targetSelector: Required value: say which devices; only an explicit {} means all of them")]
    [InlineData("\"targetSelector\":null,", "spec.targetSelector: Required value")]
    [InlineData("\"targetSelector\":{\"matchLabels\":null},", "spec.targetSelector.matchLabels: Required value: it is null")]
    [InlineData("\"targetSelector\":{\"matchLabels\":null,\"matchExpressions\":null},", "spec.targetSelector.matchExpressions: Required value: it is null")]
    [InlineData("\"targetSelector\":{\"matchLabels\":{\"a\":\"b\"},\"matchExpressions\":null},", "spec.targetSelector.matchExpressions: Required value: it is null")]
    [InlineData("\"targetSelector\":{\"matchLabels\":{\"a\":null}},", "spec.targetSelector.matchLabels.a: Required value")]
    [InlineData("\"targetSelector\":{\"matchExpressions\":[null]},", "spec.targetSelector.matchExpressions[0]: Required value")]
    [InlineData("\"targetSelector\":{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"NotIn\",\"values\":null}]},", "spec.targetSelector.matchExpressions[0].values: Required value")]
    [InlineData("\"targetSelector\":{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Exists\",\"values\":null}]},", "spec.targetSelector.matchExpressions[0].values: Required value")]
    public async Task Deployment_WithNoSelector_IsRefused(string selector, string message)
    {
        foreach (var (method, path) in new[] { (HttpMethod.Post, Samples.Deployments), (HttpMethod.Put, Samples.Web) })
        {
            (await Fleet.SendAsync(method, path, Body(selector))).ShouldBeStatus(422, "Invalid", message);
        }

        (await Fleet.SendAsync(HttpMethod.Get, Samples.Web)).Code.ShouldBe(404);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"matchLabels\":{}}")]
    [InlineData("{\"matchLabels\":{},\"matchExpressions\":[]}")]
    public async Task Deployment_WithAnExplicitlyEmptySelector_IsTaken(string selector) =>
        (await Fleet.SendAsync(HttpMethod.Post, Samples.Deployments, Body($"\"targetSelector\":{selector},"))).Code.ShouldBe(201);

    [Theory]
    [InlineData("\"limits\":null", "no limits")]
    [InlineData("\"limits\":{\"memoryBytes\":null}", "no limit")]
    [InlineData("\"ports\":[{\"containerPort\":80,\"hostPort\":80,\"hostIP\":null}]", "every address")]
    public async Task Container_WithANullThatMeansTheMost_IsRefused(string member, string meaning) =>
        (await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Body("\"targetSelector\":{},", "," + member))).ShouldBeStatus(422, "Invalid", $"it is null, which would mean {meaning}");

    [Theory]
    [InlineData(",\"args\":[\"a\",null]", "spec.score.PodmanV0.containers[0].args[1]")]
    [InlineData(",\"env\":[null]", "spec.score.PodmanV0.containers[0].env[0]")]
    public async Task Deployment_WithANullWhereTheContractHasNone_IsRefusedWithItsPath(string member, string path)
    {
        foreach (var (method, url) in new[] { (HttpMethod.Post, Samples.Deployments), (HttpMethod.Put, Samples.Web) })
        {
            (await Fleet.SendAsync(method, url, Body("\"targetSelector\":{},", member))).ShouldBeStatus(422, "Invalid", $"{path}: Required value");
        }

        (await Fleet.SendAsync(HttpMethod.Get, Samples.Web)).Code.ShouldBe(404);
    }

    [Theory]
    [InlineData("\"status\":{\"conditions\":[null]}", "status.conditions[0]")]
    [InlineData("\"metadata\":{\"finalizers\":[null]}", "metadata.finalizers[0]")]
    [InlineData("\"metadata\":{\"annotations\":{\"a\":null}}", "metadata.annotations.a")]
    public async Task Device_WithANullWhereTheContractHasNone_IsRefusedWithItsPath(string member, string path) =>
        (await Fleet.SendAsync(HttpMethod.Put, Samples.Pi, $"{{\"spec\":{{}},{member}}}")).ShouldBeStatus(422, "Invalid", $"{path}: Required value");

    [Theory]
    [InlineData("{\"metadata\":{}}", 422)]
    [InlineData("{\"metadata\":{\"resourceVersion\":null},\"spec\":{}}", 422)]
    [InlineData("{\"metadata\":{\"resourceVersion\":\"\"},\"spec\":{}}", 400)]
    [InlineData("{\"metadata\":{\"uid\":null},\"spec\":{}}", 422)]
    [InlineData("{\"metadata\":{\"uid\":\"\"},\"spec\":{}}", 400)]
    [InlineData("{\"spec\":null}", 422)]
    [InlineData("{\"spec\":{\"labels\":null}}", 422)]
    public async Task Device_WrittenWithANullOrEmptyCondition_IsLeftAsItIs(string body, int code)
    {
        (await Fleet.SendAsync(HttpMethod.Put, Samples.Pi, Samples.Device())).Code.ShouldBe(201);

        (await Fleet.SendAsync(HttpMethod.Put, Samples.Pi, body)).Code.ShouldBe(code);

        (await Fleet.SendAsync(HttpMethod.Get, Samples.Pi)).Body.GetProperty("spec").GetProperty("labels").GetProperty("site").GetString().ShouldBe("a");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{\"preconditions\":null}")]
    [InlineData("{\"preconditions\":{}}")]
    [InlineData("{\"preconditions\":{\"uid\":null}}")]
    [InlineData("{\"preconditions\":{\"uid\":\"\"}}")]
    [InlineData("{\"preconditions\":{\"resourceVersion\":null}}")]
    [InlineData("{\"preconditions\":{\"resourceVersion\":\"\"}}")]
    [InlineData("{\"precondition\":{\"uid\":\"u\"}}")]
    public async Task Delete_WithConditionsThatDemandNothing_DeletesNothing(string options)
    {
        (await Fleet.SendAsync(HttpMethod.Put, Samples.Pi, Samples.Device())).Code.ShouldBe(201);

        (await Fleet.SendAsync(HttpMethod.Delete, Samples.Pi, options)).ShouldBeStatus(400, "BadRequest");

        (await Fleet.SendAsync(HttpMethod.Get, Samples.Pi)).Code.ShouldBe(200);
    }

    [Theory]
    [InlineData(Samples.Deployments)]
    [InlineData("/api/v1/deployments")]
    [InlineData(Samples.Devices)]
    [InlineData("/api/v1/kv/device-info")]
    public async Task Collection_IsNeverDeletedOrReplaced(string path)
    {
        (await Fleet.SendAsync(HttpMethod.Delete, path)).ShouldBeStatus(405, "MethodNotAllowed");
        (await Fleet.SendAsync(HttpMethod.Put, path, "{}")).ShouldBeStatus(405, "MethodNotAllowed");
    }

    [Theory]
    [InlineData("labelSelector=", "labelSelector is empty")]
    [InlineData("labelSelector=%20", "labelSelector is empty")]
    [InlineData("labelSelectors=a%3Db", "'labelSelectors' is no parameter of this path, which takes limit, continue, labelSelector, watch, resourceVersion")]
    [InlineData("fieldSelector=metadata.name%3Dweb", "'fieldSelector' is no parameter")]
    [InlineData("labelSelector=a%3Db&labelSelector=c%3Dd", "labelSelector is given 2 times")]
    [InlineData("watch=", "watch is empty")]
    [InlineData("limit=", "limit is empty")]
    [InlineData("continue=", "continue is empty")]
    [InlineData("watch=true&resourceVersion=", "resourceVersion is empty")]
    public async Task List_WithAQueryThatWouldMeanEverything_IsRefused(string query, string message)
    {
        foreach (var path in new[] { Samples.Deployments, "/api/v1/deployments", Samples.Devices })
        {
            (await Fleet.SendAsync(HttpMethod.Get, $"{path}?{query}")).ShouldBeStatus(400, "BadRequest", message);
        }
    }

    [Theory]
    [InlineData("/api/v1/kv/device-info?watch=")]
    [InlineData("/api/v1/kv/device-info?key=pi-1")]
    [InlineData("/api/v1/devices/pi-1/logs?namespace=plant&deployment=web&container=")]
    [InlineData("/api/v1/devices/pi-1/logs?namespace=plant&deployment=web&tail=")]
    [InlineData("/api/v1/devices/pi-1/logs?namespace=plant&deployment=web&since=1h")]
    public async Task Query_WithWhatWouldBeIgnored_IsRefused(string path) => (await Fleet.SendAsync(HttpMethod.Get, path)).ShouldBeStatus(400, "BadRequest", "The query is wrong");

    private static string Body(string selector, string container = "") =>
        "{\"apiVersion\":\"fleet.nationtech.io/v1alpha1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"},\"spec\":{"
        + selector + "\"score\":{\"PodmanV0\":{\"containers\":[{\"name\":\"c\",\"image\":\"localhost/hello-web:1\"" + container + "}]}}}}";
}
