using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Tests.Operator.Api;

/// <summary>No path, whichever there are, carries a request out that has a parameter which it does not take.</summary>
public sealed class QueryTests : IAsyncLifetime
{
    private OperatorUnderTest? started;

    private OperatorUnderTest Fleet => started!;

    public async ValueTask InitializeAsync() => started = await OperatorUnderTest.StartAsync();

    public ValueTask DisposeAsync() => Fleet.DisposeAsync();

    [Fact]
    public async Task Parameter_ThatAPathDoesNotTake_IsRefusedOnEveryPath()
    {
        var routes = Routes();
        routes.Length.ShouldBeGreaterThan(15);
        foreach (var (method, path) in routes)
        {
            foreach (var name in (string[])["dryRun", "force", "WATCH", "resourceversion"])
            {
                (await Fleet.SendAsync(method, $"{path}?{name}=All")).ShouldBeStatus(400, "BadRequest", $"The query is wrong: '{name}' is no parameter of this path, which takes ");
            }
        }
    }

    [Fact]
    public async Task DryRun_OfAWrite_WritesNothing()
    {
        (await Fleet.SendAsync(HttpMethod.Post, Samples.Deployments + "?dryRun=All", Samples.Deployment())).ShouldBeStatus(400, "BadRequest", "'dryRun'");
        (await Fleet.SendAsync(HttpMethod.Put, Samples.Pi + "?dryRun=All", Samples.Device())).ShouldBeStatus(400, "BadRequest", "which takes none; the request was not carried out");
        (await Fleet.SendAsync(HttpMethod.Get, Samples.Web)).Code.ShouldBe(404);
        (await Fleet.SendAsync(HttpMethod.Get, Samples.Pi)).Code.ShouldBe(404);
        (await Fleet.SendAsync(HttpMethod.Put, Samples.Pi, Samples.Device())).Code.ShouldBe(201);

        (await Fleet.SendAsync(HttpMethod.Delete, Samples.Pi + "?dryRun=All")).ShouldBeStatus(400, "BadRequest", "'dryRun'");

        (await Fleet.SendAsync(HttpMethod.Get, Samples.Pi)).Code.ShouldBe(200);
    }

    private (HttpMethod Method, string Path)[] Routes() =>
    [
        .. from endpoint in Fleet.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
           let path = endpoint.RoutePattern.RawText!.Replace("{documentName}", "v1").Replace("{bucket}", "device-info").Replace("{", string.Empty).Replace("}", string.Empty)
           select (HttpMethod.Parse(method), path),
    ];
}
