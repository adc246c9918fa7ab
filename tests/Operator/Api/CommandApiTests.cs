using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Operator.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Tests.Operator.Api;

public sealed class CommandApiTests : IAsyncLifetime
{
    private const string Logs = Samples.Pi + "/logs?namespace=plant&deployment=web";
    private readonly FakeDeviceCommands commands = new();
    private OperatorUnderTest? started;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private OperatorUnderTest Fleet => started!;

    public async ValueTask InitializeAsync()
    {
        started = await OperatorUnderTest.StartAsync(more: services => services.AddSingleton<IDeviceCommands>(commands));
        (await Fleet.SendAsync(HttpMethod.Put, Samples.Pi, Samples.Device())).Code.ShouldBe(201);
    }

    public ValueTask DisposeAsync() => Fleet.DisposeAsync();

    [Fact]
    public async Task Ping_Answered_IsTheDevicesWord()
    {
        commands.Ping = device => new CommandOutcome<PingReply>.Answered(new PingReply { Device = device, AgentVersion = "1.2", UptimeSeconds = 7 });

        var (code, body) = await Fleet.SendAsync(HttpMethod.Post, Samples.Pi + "/ping");

        code.ShouldBe(200);
        body.GetProperty("device").GetString().ShouldBe("pi-1");
        body.GetProperty("agentVersion").GetString().ShouldBe("1.2");
        body.GetProperty("uptimeSeconds").GetInt64().ShouldBe(7);
        body.GetProperty("roundTripMilliseconds").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task Ping_WithoutAnAnswer_Is504() =>
        (await Fleet.SendAsync(HttpMethod.Post, Samples.Pi + "/ping")).ShouldBeStatus(504, "Timeout", "no answer within 5 s");

    [Theory]
    [InlineData("pi-2")]
    [InlineData("PI")]
    public async Task Ping_OfAnUnknownDevice_Is404(string name) =>
        (await Fleet.SendAsync(HttpMethod.Post, $"{Samples.Devices}/{name}/ping")).ShouldBeStatus(404, "NotFound", name);

    [Fact]
    public async Task Logs_Answered_AreLines()
    {
        LogsRequest? asked = null;
        var log = new FakeDeviceCommands.Log([Piece("one\n"), Piece("oh no\n", isError: true), Piece("two\n")]);
        commands.Logs = (_, request) =>
        {
            asked = request;
            return new CommandOutcome<ILogSession>.Answered(log);
        };

        var lines = await LinesAsync(Logs + "&container=main&tail=5&follow=true");

        lines.ShouldBe(["""{"stream":"stdout","text":"one\n"}""", """{"stream":"stderr","text":"oh no\n"}""", """{"stream":"stdout","text":"two\n"}"""]);
        asked.ShouldBe(new LogsRequest
        {
            Namespace = NamespaceName.Parse("plant"), Name = DeploymentName.Parse("web"), Container = "main", Tail = 5, Follow = true,
        });
        await log.Disposed.Task.WaitAsync(Stop);
    }

    [Fact]
    public async Task Logs_CutWithinCharactersOfBothStreams_AreWholeAgain()
    {
        var (bytes, others) = (Encoding.UTF8.GetBytes("Grüße"), Encoding.UTF8.GetBytes("日"));
        commands.Logs = (_, _) => new CommandOutcome<ILogSession>.Answered(new FakeDeviceCommands.Log(
            [new LogPiece(false, bytes.AsMemory(0, 3)), new LogPiece(true, others.AsMemory(0, 1)), new LogPiece(false, bytes.AsMemory(3)), new LogPiece(true, others.AsMemory(1))]));

        var lines = (await LinesAsync(Logs)).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Text(lines, "stdout").ShouldBe("Grüße");
        Text(lines, "stderr").ShouldBe("日");
    }

    [Fact]
    public async Task Logs_ThatBreakOff_EndWithTheReason()
    {
        commands.Logs = (_, _) => new CommandOutcome<ILogSession>.Answered(new FakeDeviceCommands.Log([Piece("one\n")], breaks: "pi-1 fell silent"));

        (await LinesAsync(Logs)).Last().ShouldBe("""{"error":"pi-1 fell silent"}""");
    }

    [Fact]
    public async Task Logs_WhoseReaderGoesAway_EndTheSession()
    {
        var log = new FakeDeviceCommands.Log([Piece("one\n")], staysOpen: true);
        commands.Logs = (_, _) => new CommandOutcome<ILogSession>.Answered(log);
        using (var response = await Fleet.Client.GetAsync(Logs + "&follow=true", HttpCompletionOption.ResponseHeadersRead, Stop))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Stop));
            (await reader.ReadLineAsync(Stop)).ShouldNotBeNull();
        }

        await log.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(60), Stop);
    }

    [Fact]
    public async Task Logs_ThatTheDeviceCannotGive_Are502() =>
        (await Fleet.SendAsync(HttpMethod.Get, Logs)).ShouldBeStatus(502, "InternalError", "no such container");

    [Theory]
    [InlineData("")]
    [InlineData("?namespace=plant")]
    [InlineData("?namespace=plant&deployment=W")]
    [InlineData("?namespace=plant&deployment=web&tail=0")]
    [InlineData("?namespace=plant&deployment=web&tail=10001")]
    [InlineData("?namespace=plant&deployment=web&tail=all")]
    [InlineData("?namespace=plant&deployment=web&container=a%2Fb")]
    [InlineData("?namespace=plant&deployment=web&follow=perhaps")]
    public async Task Logs_WithAWrongQuery_Are400(string query) =>
        (await Fleet.SendAsync(HttpMethod.Get, Samples.Pi + "/logs" + query)).ShouldBeStatus(400, "BadRequest", "query");

    private static LogPiece Piece(string text, bool isError = false) => new(isError, Encoding.UTF8.GetBytes(text));

    private static string Text(IEnumerable<JsonElement> lines, string stream) =>
        string.Concat(lines.Where(line => line.GetProperty("stream").GetString() == stream).Select(line => line.GetProperty("text").GetString()));

    private async Task<string[]> LinesAsync(string path) => (await Fleet.Client.GetStringAsync(path, Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
