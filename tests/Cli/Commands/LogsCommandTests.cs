using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Tests.Cli.Commands;

public sealed class LogsCommandTests : IAsyncLifetime
{
    private readonly CliUnderTest cli = new();
    private ScriptedServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        cli.Facing(server.Address);
        server.On("GET /api/v1/namespaces/default/deployments/hello", Samples.StoredDeployment("hello", Samples.Status(2, 1, 1)));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Fact]
    public async Task OneDevice_IsShownAsItIs()
    {
        Devices(Samples.Device("pi-1"));
        Log("pi-1", """{"stream":"stdout","text":"one\ntw"}""", """{"stream":"stderr","text":"oops\n"}""", """{"stream":"stdout","text":"o\r\nno end"}""");
        (await cli.RunAsync("logs", "hello")).ShouldBe(new CliRun(0, "one\noops\ntwo\nno end\n", string.Empty));
    }

    [Fact]
    public async Task Devices_AreThoseThatTheSelectorMatches()
    {
        Devices(Samples.Device("pi-1"), Samples.Device("pi-2", label: "other"), Samples.Device("pi-3"));
        Log("pi-1", """{"stream":"stdout","text":"a\n"}""");
        Log("pi-3", """{"stream":"stdout","text":"c\n"}""");
        (await cli.RunAsync("logs", "hello")).ShouldBe(new CliRun(0, "[pi-1] a\n[pi-3] c\n", string.Empty));
    }

    [Fact]
    public async Task Selector_ThatNoTextCanSay_Matches()
    {
        var values = string.Join(',', Enumerable.Range(0, 200).Select(number => $"\"{new string('v', 30)}{number}\""));
        var selector = $$"""{"matchExpressions":[{"key":"in","operator":"DoesNotExist"},{"key":"a","operator":"In","values":["b",{{values}}]}]}""";
        server.On(
            "GET /api/v1/namespaces/default/deployments/hello",
            Samples.StoredDeployment("hello", Samples.Status(2, 1, 1)).Replace("{\"matchLabels\":{\"a\":\"b\"}}", selector, StringComparison.Ordinal));
        server.Refuse("GET /api/v1/devices", 400, "BadRequest", "the selector is none");
        server.On("GET /api/v1/devices?limit=500", Listed(Samples.Device("pi-1"), Samples.Device("pi-2", label: "other")));
        Log("pi-1", """{"stream":"stdout","text":"a\n"}""");
        (await cli.RunAsync("logs", "hello")).ShouldBe(new CliRun(0, "a\n", string.Empty));
    }

    [Fact]
    public async Task SeveralDevices_GetTheirNamesBeforeEachLine_AndThoseAwayAreLeftOut()
    {
        Devices(Samples.Device("pi-1"), Samples.Device("pi-2", reachable: false), Samples.Device("pi-3"));
        Log("pi-1", """{"stream":"stdout","text":"a\nb\n"}""");
        Log("pi-3", """{"stream":"stdout","text":"c\n"}""");
        (await cli.RunAsync("logs", "hello")).ShouldBe(new CliRun(0, "[pi-1] a\n[pi-1] b\n[pi-3] c\n", "pi-2 is not reachable: its log is left out.\n"));
    }

    [Fact]
    public async Task DeviceThatFails_DoesNotHideTheOthers()
    {
        Devices(Samples.Device("pi-1"), Samples.Device("pi-3"));
        server.Refuse("GET /api/v1/devices/pi-1/logs", 504, "Timeout", "pi-1 did not answer within 5 s.");
        Log("pi-3", """{"stream":"stdout","text":"c\n"}""");
        (await cli.RunAsync("logs", "hello")).ShouldBe(new CliRun(6, "[pi-3] c\n", "error: pi-1 did not answer within 5 s: see how it is with fleet get device pi-1\n"));
    }

    [Fact]
    public async Task DeviceWithoutSuchAContainer_IsNotFound_AndIsNamedOnce()
    {
        Devices(Samples.Device("pi-1"), Samples.Device("pi-3"));
        server.Refuse("GET /api/v1/devices/pi-1/logs", 404, "NotFound", "device pi-1 has no container of deployment default/hello");
        Log("pi-3", """{"stream":"stdout","text":"c\n"}""");
        (await cli.RunAsync("logs", "hello")).ShouldBe(new CliRun(3, "[pi-3] c\n", "error: device pi-1 has no container of deployment default/hello: see how far it is with fleet describe deployment hello\n"));
    }

    [Fact]
    public async Task ContainerThatADeviceDoesNotHave_IsNotFound_ByTheOperatorItself()
    {
        await using var real = await OperatorServer.StartAsync();
        await real.AddDeviceAsync(Samples.Device("pi-1"));
        cli.Facing(real.Address);
        await cli.RunAsync("apply", "--name", "hello", "--image", "a", "--selector", "a=b");
        (await cli.RunAsync("logs", "hello", "--device", "pi-1", "--container", "gone"))
            .ShouldBe(new CliRun(3, string.Empty, "error: device pi-1 has no container gone of deployment default/hello: its container is hello\n"));
    }

    [Theory]
    [InlineData("hello", "b", "device pi-2 has no container of deployment default/hello: see how far it is with fleet describe deployment hello")]
    [InlineData("hello", "other", "device pi-2 has no container of deployment default/hello: it is not meant for this device, see for which it is with fleet describe deployment hello")]
    [InlineData("web", "b", "deployment \"web\" not found: see which there are with fleet get deployments")]
    public async Task DeploymentThatADeviceDoesNotHave_IsToldWithWhy(string deployment, string label, string error)
    {
        server.Refuse("GET /api/v1/devices/pi-2/logs", 404, "NotFound", $"device pi-2 has no container of deployment default/{deployment}");
        server.Refuse("GET /api/v1/namespaces/default/deployments/web", 404, "NotFound", "deployment \\\"web\\\" not found");
        server.On("GET /api/v1/devices/pi-2", JsonSerializer.Serialize(Samples.Device("pi-2", label: label), ResourceTypes.Devices.Json));
        (await cli.RunAsync("logs", deployment, "--device", "pi-2")).ShouldBe(new CliRun(3, string.Empty, $"error: {error}\n"));
    }

    [Fact]
    public async Task ContainerThatTheDeploymentDoesNotHave_IsToldWithThoseThatItHas()
    {
        server.Refuse("GET /api/v1/devices/pi-1/logs", 404, "NotFound", "device pi-1 has no container nope of deployment default/hello");
        (await cli.RunAsync("logs", "hello", "--device", "pi-1", "--container", "nope"))
            .ShouldBe(new CliRun(3, string.Empty, "error: device pi-1 has no container nope of deployment default/hello: its container is web\n"));
        server.On("GET /api/v1/namespaces/default/deployments/hello", Samples.StoredDeployment("hello", Samples.Status(2, 1, 1))
            .Replace("""{"name":"web","image":"a"}""", """{"name":"web","image":"a"},{"name":"db","image":"b"},{"name":"log","image":"b"}""", StringComparison.Ordinal));
        (await cli.RunAsync("logs", "hello", "--device", "pi-1", "--container", "nope")).Error.ShouldEndWith(": its containers are web, db and log\n");
    }

    [Fact]
    public async Task ErrorLine_EndsTheLog_WithItsSentence()
    {
        Log("pi-1", """{"stream":"stdout","text":"half"}""", """{"error":"The container is gone."}""");
        (await cli.RunAsync("logs", "hello", "--device", "pi-1")).ShouldBe(new CliRun(1, "half\n", "error: the container is gone\n"));
    }

    [Fact]
    public async Task Options_AreAskedOfTheServer()
    {
        Log("pi-1", """{"stream":"stdout","text":"x\n"}""");
        await cli.RunAsync("logs", "hello", "-n", "plant", "--device", "pi-1", "--container", "web", "--tail", "20");
        server.Requests.Single().Query.ShouldBe("?namespace=plant&deployment=hello&container=web&tail=20");
    }

    [Fact]
    public async Task NoDevice_IsNotFound()
    {
        Devices();
        (await cli.RunAsync("logs", "hello")).ShouldBe(new CliRun(3, string.Empty, "error: deployment default/hello matches no device: see the labels with fleet get devices\n"));
    }

    [Fact]
    public async Task AllDevicesAway_IsUnreachable()
    {
        Devices(Samples.Device("pi-1", reachable: false));
        (await cli.RunAsync("logs", "hello")).ShouldBe(new CliRun(6, string.Empty, "error: no device of deployment default/hello is reachable (pi-1): see since when with fleet get devices\n"));
    }

    [Fact]
    public async Task TooManyDevices_AreNotFollowed()
    {
        Devices([.. Enumerable.Range(0, 33).Select(index => Samples.Device($"pi-{index}"))]);
        (await cli.RunAsync("logs", "hello", "-f")).Error.ShouldBe("error: 33 devices are too many to follow at once: name up to 32 with --device\n");
    }

    [Fact]
    public async Task Terminal_IsNotMovedByALog()
    {
        cli.IsTerminal = true;
        Log("pi-1", """{"stream":"stdout","text":"\u001b[2J\u001b[31mred\n"}""");
        (await cli.RunAsync("logs", "hello", "--device", "pi-1")).Out.ShouldBe("\\u001b[2J\e[31mred\e[0m\n");
    }

    [Fact]
    public async Task LineWithoutAnEnd_IsNotHeldForever()
    {
        Log("pi-1", [.. Enumerable.Repeat($$"""{"stream":"stdout","text":"{{new string('x', 30_000)}}"}""", 7)]);
        var run = await cli.RunAsync("logs", "hello", "--device", "pi-1");
        run.Out.Split('\n').ShouldAllBe(line => line.Length < 100_000);
        run.Out.Count(character => character == 'x').ShouldBe(210_000);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("10001")]
    [InlineData("all")]
    public async Task Tail_ThatIsNone_IsAUsageError(string tail) =>
        (await cli.RunAsync("logs", "hello", $"--tail={tail}")).Error.ShouldStartWith($"error: --tail '{tail}' is no number of lines: use 1 to 10000\n");

    [Fact]
    public async Task Ping_TellsWhatCameBack()
    {
        server.On("POST /api/v1/devices/pi-1/ping", """{"device":"pi-1","agentVersion":"0.1.0","uptimeSeconds":11520,"roundTripMilliseconds":1.94}""");
        (await cli.RunAsync("ping", "pi-1")).ShouldBe(new CliRun(0, "pi-1: agent 0.1.0, up 3h, round trip 1.9 ms\n", string.Empty));
        JsonElement.Parse((await cli.RunAsync("ping", "pi-1", "-o", "json")).Out).GetProperty("uptimeSeconds").GetInt32().ShouldBe(11520);
        server.Refuse("POST /api/v1/devices/pi-1/ping", 504, "Timeout", "pi-1 did not answer within 5 s.");
        (await cli.RunAsync("ping", "pi-1")).ShouldBe(new CliRun(6, string.Empty, "error: pi-1 did not answer within 5 s: see how it is with fleet get device pi-1\n"));
    }

    private void Devices(params Device[] devices) => server.On("GET /api/v1/devices", Listed(devices));

    private static string Listed(params Device[] devices) =>
        $$"""{"items":[{{string.Join(',', devices.Select(device => JsonSerializer.Serialize(device, ResourceTypes.Devices.Json)))}}]}""";

    private void Log(string device, params string[] lines) => server.On($"GET /api/v1/devices/{device}/logs", string.Join('\n', lines) + "\n");
}
