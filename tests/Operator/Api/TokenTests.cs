using System.Net.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Tests.Operator.Api;

public sealed class TokenTests
{
    private static readonly string[] Open = ["/healthz", "/readyz"];

    [Fact]
    public async Task EveryRoute_ButTheTwoOpenOnes_Is401WithoutATokenAndWithAWrongOne()
    {
        await using var fleet = await OperatorUnderTest.StartAsync();
        using var client = fleet.NewClient();
        var routes = fleet.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToList();
        routes.Count.ShouldBeGreaterThan(12);

        foreach (var (method, path) in routes.SelectMany(Requests))
        {
            foreach (var header in new[] { null, "Bearer wrong-token-of-some-length", $"Basic {OperatorUnderTest.Token}", OperatorUnderTest.Token, "Bearer " })
            {
                using var request = new HttpRequestMessage(method, path);
                request.Headers.TryAddWithoutValidation("Authorization", header);
                using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
                ((int)response.StatusCode == 401).ShouldBe(!Open.Contains(path), $"{method} {path} with '{header}' was {response.StatusCode}");
            }
        }
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("GET", "/healthz/more")]
    [InlineData("GET", "/HEALTHZ")]
    [InlineData("GET", "/healthz/")]
    [InlineData("GET", "/healthz/../api/v1/devices")]
    [InlineData("PATCH", "/api/v1/devices")]
    [InlineData("OPTIONS", "/api/v1/devices")]
    public async Task AnyOtherPath_WithoutAToken_Is401(string method, string path)
    {
        await using var fleet = await OperatorUnderTest.StartAsync();
        using var client = fleet.NewClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(401);
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"reason\":\"Unauthorized\"");
    }

    [Fact]
    public async Task TwoTokens_OneOfThemRight_Are401()
    {
        await using var fleet = await OperatorUnderTest.StartAsync();
        using var client = fleet.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/devices");
        request.Headers.TryAddWithoutValidation("Authorization", ["Bearer wrong-token-of-some-length", $"Bearer {OperatorUnderTest.Token}"]);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task ATokenInTheQuery_Is401()
    {
        await using var fleet = await OperatorUnderTest.StartAsync();
        using var client = fleet.NewClient();
        using var response = await client.GetAsync($"/api/v1/devices?access_token={OperatorUnderTest.Token}", TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task TheToken_OpensTheApi()
    {
        await using var fleet = await OperatorUnderTest.StartAsync();
        using var client = fleet.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("bearer", OperatorUnderTest.Token);
        using var response = await client.GetAsync("/api/v1/devices", TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(200);
    }

    private static IEnumerable<(HttpMethod Method, string Path)> Requests(RouteEndpoint route)
    {
        var path = "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
            _ => "v1",
        }))));
        var methods = route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];
        return methods.Select(method => (new HttpMethod(method), path));
    }
}
