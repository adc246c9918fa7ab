using Harmony.Fleet.Contracts.Resources;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Cli.Commands;

public sealed class GetCommandTests : IAsyncLifetime
{
    private const string List = "/api/v1/namespaces/default/deployments";
    private readonly CliUnderTest cli = new() { Time = new FakeTimeProvider(Samples.Then.AddHours(2)) };
    private ScriptedServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        cli.Facing(server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("yaml")]
    public async Task Deployments_AsEachFormat_AreTheGoldenText(string format)
    {
        server.On($"GET {List}", $$"""
            {"metadata":{"resourceVersion":"9"},"items":[
              {{Samples.StoredDeployment("converged", Samples.Status(2, 2, 2))}},
              {{Samples.StoredDeployment("failing", Samples.Status(2, 3, 1, 1, "no such image"))}},
              {{Samples.StoredDeployment("new", "null").Replace(",\"status\":null", string.Empty, StringComparison.Ordinal)}},
              {{Samples.StoredDeployment("outdated", Samples.Status(1, 2, 2))}},
              {{Samples.StoredDeployment("going", Samples.Status(2, 1, 1)).Replace("\"uid\"", "\"deletionTimestamp\":\"2026-11-21T07:33:00Z\",\"uid\"", StringComparison.Ordinal)}}]}
            """);
        Golden.ShouldMatch($"get-deployments-{format}", (await cli.RunAsync("get", "deployments", "-o", format)).ToString());
    }

    [Fact]
    public async Task Devices_AreTheGoldenTable()
    {
        var items = new[] { Samples.Device("pi-1"), Samples.Device("pi-2", reachable: false), new Device { Metadata = new ObjectMeta { Name = "pi-3" } } }
            .Select(device => System.Text.Json.JsonSerializer.Serialize(device, ResourceTypes.Devices.Json));
        server.On("GET /api/v1/devices", $$"""{"items":[{{string.Join(',', items)}}]}""");
        Golden.ShouldMatch("get-devices", (await cli.RunAsync("get", "devices")).ToString());
    }

    [Theory]
    [InlineData("json", "{\n  \"items\": []\n}\n", "")]
    [InlineData("yaml", "items: []\n", "")]
    [InlineData("table", "", "No deployments in the namespace default.\n")]
    public async Task EmptyList_SaysSo_AndIsStillWellFormed(string format, string output, string prose)
    {
        server.On($"GET {List}", """{"items":[]}""");
        (await cli.RunAsync("get", "deployments", "-o", format)).ShouldBe(new CliRun(0, output, prose));
    }

    [Fact]
    public async Task List_OfSeveralPages_IsReadToTheEnd()
    {
        server.On($"GET {List}?limit=500", $$"""{"metadata":{"continue":"2&=x","resourceVersion":"5"},"items":[{{Samples.StoredDeployment("a", "{}")}}]}""");
        server.On($"GET {List}?limit=500&continue=2&=x", $$"""{"metadata":{},"items":[{{Samples.StoredDeployment("b", "{}")}}]}""");
        var run = await cli.RunAsync("get", "deployments");
        run.Out.Split('\n').Length.ShouldBe(4, run.ToString());
    }

    [Fact]
    public async Task List_WhoseTokenExpires_BeginsAgain()
    {
        var tries = 0;
        server.On($"GET {List}?limit=500", $$"""{"metadata":{"continue":"2"},"items":[{{Samples.StoredDeployment("a", "{}")}}]}""");
        server.On($"GET {List}?limit=500&continue=2", async (_, response) =>
        {
            response.StatusCode = ++tries == 1 ? 410 : 200;
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(
                response, tries == 1 ? """{"kind":"Status","reason":"Expired","message":"too old","code":410}""" : """{"items":[]}""");
        });
        (await cli.RunAsync("get", "deployments")).Out.Split('\n').Length.ShouldBe(3);
    }

    [Theory]
    [InlineData("get deployments -A", "GET /api/v1/deployments?limit=500")]
    [InlineData("get deployments -n plant", "GET /api/v1/namespaces/plant/deployments?limit=500")]
    [InlineData("get deployments -l team=a", "GET /api/v1/namespaces/default/deployments?limit=500&labelSelector=team=a")]
    [InlineData("get devices -l a,!b", "GET /api/v1/devices?limit=500&labelSelector=a,!b")]
    [InlineData("get deployment hello", "GET /api/v1/namespaces/default/deployments/hello")]
    [InlineData("get device pi-1", "GET /api/v1/devices/pi-1")]
    public async Task Scope_IsAskedOfTheServer(string line, string request)
    {
        await cli.RunAsync(line.Split(' '));
        server.Requests.Select(asked => asked.ToString()).Where(asked => !asked.Contains("/kv/", StringComparison.Ordinal)).ShouldBe([request]);
    }

    [Fact]
    public async Task AllNamespaces_HaveAColumn()
    {
        server.On("GET /api/v1/deployments", $$"""{"items":[{{Samples.StoredDeployment("a", "{}")}}]}""");
        (await cli.RunAsync("get", "deployments", "-A")).Out.ShouldStartWith("NAMESPACE  NAME");
    }

    [Fact]
    public async Task FieldsOfANewerOperator_AreShown()
    {
        server.On($"GET {List}/a", Samples.StoredDeployment("a", """{"novelty":{"x":[1]}}"""));
        (await cli.RunAsync("get", "deployment", "a", "-o", "json")).Out.ShouldContain("novelty");
        (await cli.RunAsync("get", "deployment", "a", "-o", "yaml")).Out.ShouldContain("  novelty:\n    x:\n    - 1\n");
    }

    [Fact]
    public async Task HostileText_DoesNotReachTheTerminal()
    {
        var device = Samples.Device("pi-1") with { Status = new DeviceStatus { AgentVersion = "\e[2J\n1.0" } };
        server.On("GET /api/v1/devices", $$"""{"items":[{{System.Text.Json.JsonSerializer.Serialize(device, ResourceTypes.Devices.Json)}}]}""");
        (await cli.RunAsync("get", "devices")).Out.ShouldContain(@"\u001b[2J 1.0");
    }

    [Theory]
    [InlineData("get deployments -o xml", "--output knows no 'xml': use table, wide, json or yaml")]
    [InlineData("get deployments -l a=b=c", "--selector 'a=b=c' is no selector: found '=', expected: ")]
    [InlineData("get deployment Hello", "'Hello' is no deployment's name: use 1 to 63 characters")]
    [InlineData("get deployment a -A", "--all-namespaces shows lists only: name the namespace of one deployment with --namespace")]
    public async Task Get_WithAMistake_IsAUsageError(string line, string message)
    {
        var run = await cli.RunAsync(line.Split(' '));
        run.Code.ShouldBe(2);
        run.Error.ShouldStartWith($"error: {message}");
        server.Requests.ShouldBeEmpty();
    }
}
