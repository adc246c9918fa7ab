using System.Net;
using System.Net.Http.Headers;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>What the operator of a fleet tells of itself, where that is asked for.</summary>
[Trait("Category", "Integration")]
public sealed class TelemetryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_IsAnsweredBehindTheToken_AndOnlyWhereItIsAskedFor()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync("--devices", "0");
        (await MetricsAsync(folder, hasToken: true)).Status.ShouldBe(HttpStatusCode.NotFound);
        var refused = await folder.RunAsync("up", "--prometheus");
        refused.Code.ShouldBe(5);
        refused.Errors.ShouldEndWith($"error: the fleet runs already, and not with --prometheus: end it with fleet down --data {folder.Path}, then start it with --prometheus\n");
        (await folder.RunAsync("down")).Code.ShouldBe(0);

        await folder.UpAsync("--prometheus");
        (await MetricsAsync(folder, hasToken: false)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var (status, text) = await MetricsAsync(folder, hasToken: true);
        status.ShouldBe(HttpStatusCode.OK);
        text.ShouldContain("fleet_loop_turn_duration_seconds_bucket");
        var again = await folder.RunAsync("up", "--prometheus");
        again.Code.ShouldBe(0, again.Errors);
        again.Errors.ShouldContain($"/metrics\n  token   {folder.Path}/keys/api.token\n");
    }

    [Fact]
    public async Task Collector_IsSentTraces_ByTheProtocolThatWasSaid()
    {
        await using var folder = new FleetFolder();
        var endpoint = $"http://127.0.0.1:{FreePort.Next()}";
        using var collector = new HttpListener();
        collector.Prefixes.Add($"{endpoint}/");
        collector.Start();
        var first = collector.GetContextAsync();
        await folder.UpAsync("--devices", "0", "--otlp-endpoint", endpoint, "--otlp-protocol", "http/protobuf");
        (await folder.RunAsync("get", "devices")).Code.ShouldBe(0);
        var sent = await first.WaitAsync(Token);
        sent.Request.Url.ShouldNotBeNull().AbsolutePath.ShouldBeOneOf("/v1/traces", "/v1/metrics");
        sent.Request.ContentType.ShouldBe("application/x-protobuf");
        sent.Response.Close();
    }

    private static async Task<(HttpStatusCode Status, string Text)> MetricsAsync(FleetFolder folder, bool hasToken)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{(await folder.StatusAsync()).GetProperty("server").GetString()}/metrics");
        var token = await File.ReadAllTextAsync(Path.Combine(folder.Path, "keys/api.token"), Token);
        request.Headers.Authorization = hasToken ? new AuthenticationHeaderValue("Bearer", token.Trim()) : null;
        using var response = await http.SendAsync(request, Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
