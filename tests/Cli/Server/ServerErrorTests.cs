using System.Net.Sockets;
using Harmony.Fleet.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace Harmony.Fleet.Tests.Cli.Server;

public sealed class ServerErrorTests : IAsyncLifetime
{
    private const string Path = "GET /api/v1/devices/pi-1";
    private readonly CliUnderTest cli = new();
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
    [InlineData(400, "BadRequest", 2)]
    [InlineData(403, "Forbidden", 7)]
    [InlineData(404, "NotFound", 3)]
    [InlineData(409, "Conflict", 5)]
    [InlineData(409, "AlreadyExists", 5)]
    [InlineData(410, "Expired", 1)]
    [InlineData(413, "RequestEntityTooLarge", 2)]
    [InlineData(422, "Invalid", 2)]
    [InlineData(500, "InternalError", 1)]
    [InlineData(502, "InternalError", 1)]
    [InlineData(503, "ServiceUnavailable", 6)]
    [InlineData(504, "Timeout", 6)]
    public async Task Status_BecomesItsSentence_AndAnExitCode(int status, string reason, int code)
    {
        server.Refuse(Path, status, reason, "The reason, in a sentence.");
        (await GetAsync()).ShouldBe(new CliRun(code, string.Empty, "error: the reason, in a sentence\n"));
    }

    [Fact]
    public async Task WrongToken_SaysWhatToDo()
    {
        server.Refuse(Path, 401, "Unauthorized", "no");
        (await GetAsync()).ShouldBe(new CliRun(7, string.Empty, $"error: {server.Address} does not take this token: name the right one with --token-file\n"));
    }

    [Theory]
    [InlineData(404, "<html>", "does not know this request: it may be no operator, or one of another version", 1)]
    [InlineData(404, "", "does not know this request: it may be no operator, or one of another version", 1)]
    [InlineData(502, "<html>", "answers 502", 6)]
    [InlineData(418, "teapot", "answers 418", 1)]
    [InlineData(302, "", "answers 302", 1)]
    [InlineData(200, "<html>", "answers what this program does not understand: it may be no operator, or one of another version", 1)]
    [InlineData(200, "", "answers what this program does not understand: it may be no operator, or one of another version", 1)]
    [InlineData(200, "null", "answers what this program does not understand: it may be no operator, or one of another version", 1)]
    [InlineData(200, "[]", "answers what this program does not understand: it may be no operator, or one of another version", 1)]
    [InlineData(200, "{\"metadata\":5}", "answers what this program does not understand: it may be no operator, or one of another version", 1)]
    public async Task AnotherServer_IsTold(int status, string body, string message, int code)
    {
        server.On(Path, body, status);
        (await GetAsync()).ShouldBe(new CliRun(code, string.Empty, $"error: {server.Address} {message}\n"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"items\":5}")]
    [InlineData("{\"items\":[5]}")]
    [InlineData("[]")]
    public async Task List_ThatIsNone_IsTold(string body)
    {
        server.On("GET /api/v1/devices", body);
        (await cli.RunAsync("get", "devices")).Error.ShouldEndWith("answers what this program does not understand: it may be no operator, or one of another version\n");
    }

    [Fact]
    public async Task NobodyListening_IsOneClearSentence()
    {
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        cli.Facing(address);
        (await GetAsync()).ShouldBe(new CliRun(6, string.Empty, $"error: nobody answers at {address}: see whether it runs there, or name another one with --server\n"));
    }

    [Fact]
    public async Task NobodyListening_ForAFleetOfThisMachine_NamesWhatShowsHowItIs()
    {
        var self = Harmony.Fleet.Deploy.Processes.ProcessIdentity.Self;
        foreach (var name in (string[])[".harmony-fleet", "fleet.json"])
        {
            cli.Write($"data/{name}", """{"id":"0123456789abcdef0123456789abcdef"}""");
        }

        var address = $"http://127.0.0.1:{FreePort.Next()}";
        cli.Write("data/run/state.json", $$$"""{"phase":"Ready","devices":1,"folder":"{{{cli.Folder}}}/data","supervisor":{"pid":{{{self.Pid}}},"startTicks":{{{self.StartTicks}}} },"parts":[]}""");
        cli.Write("data/run/stack.json", $$"""{"server":"{{address}}","natsUrl":"nats://127.0.0.1:1","tokenFile":"{{cli.Folder}}/token"}""");
        (await cli.RunAsync("get", "devices", "--data", "data")).ShouldBe(new CliRun(6, string.Empty, $"error: nobody answers at {address}: see how the fleet is with fleet status --data data\n"));
    }

    /// <summary>Where the connections that wait fill the listener's queue, the kernel drops the next: as a firewall does.</summary>
    [Fact]
    public async Task ConnectionThatDoesNotComeAbout_IsToldApartFromSilence()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        listener.Listen(0);
        var waiting = new List<Socket>();
        for (var tries = 0; tries < 3; tries++)
        {
            waiting.Add(new Socket(SocketType.Stream, ProtocolType.Tcp));
            waiting[^1].Blocking = false;
            Should.Throw<SocketException>(() => waiting[^1].Connect(listener.LocalEndPoint!));
        }

        var address = $"http://{listener.LocalEndPoint}";
        cli.Facing(address);
        (await GetAsync()).ShouldBe(new CliRun(6, string.Empty, $"error: there was no connection to {address} within 5 s: check the address, the network and its firewalls\n"));
        waiting.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task ServerThatSpeaksNoTls_IsToldSo()
    {
        var secure = server.Address.Replace("http://", "https://", StringComparison.Ordinal);
        cli.Facing(secure);
        (await GetAsync()).ShouldBe(new CliRun(6, string.Empty, $"error: what answers at {secure} speaks no TLS: name it as {server.Address}, or by another port\n"));
    }

    [Fact]
    public async Task PathThatTheServerDoesNotHave_IsToldSo()
    {
        await using var real = await OperatorServer.StartAsync();
        cli.Facing($"{real.Address}/x/");
        (await GetAsync()).ShouldBe(new CliRun(3, string.Empty, $"error: there is no API beneath {real.Address}/x: leave out /x: --server takes http://host:port\n"));
    }

    [Fact]
    public async Task PathOfAProxy_IsKept()
    {
        server.On("GET /fleet/api/v1/devices/pi-1", "{}");
        cli.Facing($"{server.Address}/fleet");
        (await cli.RunAsync("get", "device", "pi-1", "-o", "json")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task SocketThatIsNotThere_IsOneClearSentence()
    {
        cli.Facing($"unix:{cli.Folder}/no.sock");
        (await GetAsync()).ShouldBe(new CliRun(6, string.Empty, $"error: nobody answers at unix:{cli.Folder}/no.sock: see whether it runs there, or name another one with --server\n"));
    }

    [Fact]
    public async Task NameThatNobodyKnows_IsOneClearSentence()
    {
        cli.Facing("http://no-such-host.invalid:1");
        (await GetAsync()).ShouldBe(new CliRun(6, string.Empty, "error: no machine of the name in http://no-such-host.invalid:1 is known: check --server\n"));
    }

    [Fact]
    public async Task AnswerThatBreaksOff_IsOneClearSentence()
    {
        server.On(Path, async (_, response) =>
        {
            response.ContentLength = 1000;
            await response.WriteAsync("{");
            await response.Body.FlushAsync();
            response.HttpContext.Abort();
        });
        (await GetAsync()).ShouldBe(new CliRun(6, string.Empty, $"error: the connection to {server.Address} broke: try again\n"));
    }

    [Fact]
    public async Task ServerThatSpeaksNoHttp_IsOneClearSentence()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var accepting = AnswerAsync();
        cli.Facing($"http://{listener.LocalEndpoint}");
        var run = await GetAsync();
        run.Code.ShouldBe(6);
        run.Error.ShouldBe($"error: the connection to http://{listener.LocalEndpoint} broke: try again\n");
        await accepting;

        async Task AnswerAsync()
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync("INFO {\"server_id\":\"nats\"}\r\n"u8.ToArray());
            var request = new byte[4096];
            _ = await client.GetStream().ReadAsync(request);
        }
    }

    [Fact]
    public async Task Interrupt_EndsACallThatWaits_With130()
    {
        using var interrupted = new CancellationTokenSource();
        server.On(Path, async (_, response) =>
        {
            await interrupted.CancelAsync();
            await Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        (await cli.RunUntilAsync(interrupted.Token, "get", "device", "pi-1")).ShouldBe(new CliRun(130, string.Empty, string.Empty));
    }

    [Fact]
    public async Task Silence_IsToldAfterItsLimit()
    {
        var time = new ManualTime();
        cli.Time = time;
        server.On(Path, (_, response) => Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        var getting = GetAsync();
        await Eventually.HoldsAsync(() => time.Dues.Contains(TimeSpan.FromSeconds(30)), "it waits for the answer");

        time.Advance(TimeSpan.FromSeconds(30));

        (await getting).ShouldBe(new CliRun(6, string.Empty, $"error: {server.Address} did not answer within 30 s: try again, or see what its log says\n"));
    }

    [Fact]
    public async Task Verbose_PrintsRequests_AndNeverTheToken()
    {
        server.On(Path, "{}");
        var run = await cli.RunAsync("get", "device", "pi-1", "-o", "json", "-v");
        run.Out.ShouldBe("{}\n");
        run.Error.ShouldStartWith($"GET {server.Address}/api/v1/devices/pi-1 200 (");
        run.Error.ShouldNotContain(ScriptedServer.Token);
    }

    private Task<CliRun> GetAsync() => cli.RunAsync("get", "device", "pi-1");
}
