using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Tests.Harness.Terminals;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Cli.Screens;

/// <summary>What the tables look like on terminals of several widths, and where there is none.</summary>
public sealed class TableScreenTests : IAsyncLifetime
{
    private readonly CliUnderTest cli = new() { Time = new FakeTimeProvider(Samples.Then.AddHours(2)), IsTerminal = true };
    private ScriptedServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        cli.Facing(server.Address);
        server.On("GET /api/v1/namespaces/default/deployments", Deployments());
        server.On("GET /api/v1/devices", Devices());
        server.On("GET /api/v1/kv/device-heartbeat?values=true", string.Concat(Enumerable.Range(1, 12).Select(number =>
            $$"""{"key":"device-{{number}}","revision":{{number}},"created":"{{Samples.Then.AddHours(2).AddSeconds(-3 * number):O}}"}""" + "\n")));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Theory]
    [InlineData("deployments", 40)]
    [InlineData("deployments", 60)]
    [InlineData("deployments", 80)]
    [InlineData("deployments", 100)]
    [InlineData("deployments", 120)]
    [InlineData("devices", 40)]
    [InlineData("devices", 60)]
    [InlineData("devices", 80)]
    [InlineData("devices", 100)]
    [InlineData("devices", 120)]
    public async Task Table_OnATerminal_IsTheGoldenScreen(string kind, int columns)
    {
        cli.Resize(columns, 24);
        var run = await cli.RunAsync("get", kind);
        var terminal = new VirtualTerminal(columns, 24, TextWidth.Of).Feed(run.Out);
        Golden.ShouldMatch($"screen-{kind}-{columns}", terminal.Text);
        terminal.HasBroken.ShouldBeFalse();
    }

    [Theory]
    [InlineData("deployments", "table")]
    [InlineData("deployments", "wide")]
    [InlineData("devices", "table")]
    [InlineData("devices", "wide")]
    public async Task Table_WithoutATerminal_HasItsFullWidth(string kind, string format)
    {
        cli.IsTerminal = false;
        Golden.ShouldMatch($"full-{kind}-{format}", (await cli.RunAsync("get", kind, "-o", format)).Out);
    }

    [Fact]
    public async Task WideTable_OnATerminal_IsCutNowhere()
    {
        var narrow = (await cli.RunAsync("get", "devices", "-o", "wide")).Out;
        cli.IsTerminal = false;
        narrow.ShouldBe((await cli.RunAsync("get", "devices", "-o", "wide")).Out);
    }

    [Fact]
    public async Task LastSeen_WhereTheBusIsAway_IsWhatTheOperatorNoted()
    {
        server.Refuse("GET /api/v1/kv/device-heartbeat?values=true", 503, "ServiceUnavailable", "no connection");
        var lines = (await cli.RunAsync("get", "devices")).Out.Split('\n');
        lines.Single(line => line.StartsWith("device-2 ", StringComparison.Ordinal)).ShouldMatch("^device-2 +Unreachable +2h ");
        lines.Single(line => line.StartsWith("device-1 ", StringComparison.Ordinal)).ShouldMatch("^device-1 +Reachable +unknown ");
    }

    private static string Deployments()
    {
        string[] items =
        [
            Samples.StoredDeployment("web-10", Samples.Status(2, 10, 9, 1, "no such image")),
            Samples.StoredDeployment("web-2", Samples.Status(2, 10, 10)),
            Samples.StoredDeployment("a-deployment-whose-name-is-as-long-as-names-may-be-63-characters", Samples.Status(2, 12000, 11950, 20)),
            Samples.StoredDeployment("new", "null").Replace(",\"status\":null", string.Empty, StringComparison.Ordinal),
        ];
        return $$"""{"metadata":{"resourceVersion":"9"},"items":[{{string.Join(',', items)}}]}""";
    }

    private static string Devices()
    {
        var devices = Enumerable.Range(1, 12).Select(number => Samples.Device($"device-{number}", reachable: number % 5 != 2) with
        {
            Metadata = new ObjectMeta
            {
                Name = $"device-{number}",
                CreationTimestamp = Samples.Then.AddDays(-number),
                Labels = ImmutableSortedDictionary<string, string>.Empty.Add("site", "clermont-ferrand").Add("tier", number % 2 == 0 ? "edge" : "core"),
            },
        }).Append(new Device { Metadata = new ObjectMeta { Name = "plant-7-line-3-cabinet-12-left-controller" } });

        // As the operator lists them: by the bytes of their names.
        var items = devices.OrderBy(device => device.Metadata.Name, StringComparer.Ordinal).Select(device => JsonSerializer.Serialize(device, ResourceTypes.Devices.Json));
        return $$"""{"items":[{{string.Join(',', items)}}]}""";
    }
}
