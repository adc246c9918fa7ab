using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Tests.Cli.Server;

public sealed class ServerLocatorTests : IDisposable
{
    private readonly CliUnderTest cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Nothing_Anywhere_SaysHowToStart()
    {
        cli.Environment["HOME"] = cli.Folder;
        var run = await cli.RunAsync("get", "devices");
        run.ShouldBe(new CliRun(6, string.Empty, $"error: no fleet runs from {cli.Folder}/.local/share/harmony-fleet: start one with fleet up, or name one with --server\n"));
    }

    [Fact]
    public async Task NoHome_IsTold() =>
        (await cli.RunAsync("get", "devices")).ShouldBe(new CliRun(2, string.Empty, "error: no data folder is known, because HOME is not set: name one with --data\n"));

    [Theory]
    [InlineData("HARMONY_FLEET_DATA", "data")]
    [InlineData("XDG_DATA_HOME", "share/harmony-fleet")]
    [InlineData("HOME", ".local/share/harmony-fleet")]
    [InlineData(null, "data")]
    public async Task StackFile_OfTheDataFolder_NamesTheServer(string? variable, string folder)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On("GET /api/v1/devices", """{"items":[]}""");
        var token = cli.Write("token", ScriptedServer.Token);
        Runs(folder);
        cli.Write($"{folder}/run/stack.json", $$"""{"server":"{{server.Address}}","tokenFile":"{{token}}"}""");
        if (variable is not null)
        {
            cli.Environment[variable] = variable == "HARMONY_FLEET_DATA" ? "data" : variable == "HOME" ? cli.Folder : Path.Combine(cli.Folder, "share");
        }

        var run = await cli.RunAsync(variable is null ? ["get", "devices", "--data", "data"] : ["get", "devices"]);
        run.Code.ShouldBe(0, run.Error);
        server.Requests.Single().Authorization.ShouldBe($"Bearer {ScriptedServer.Token}");
    }

    [Fact]
    public async Task RelativeXdgFolder_IsIgnored_AsXdgSays()
    {
        cli.Environment["XDG_DATA_HOME"] = "share";
        cli.Environment["HOME"] = "/nonexistent";
        cli.Write("share/harmony-fleet/run/stack.json", "{}");
        (await cli.RunAsync("get", "devices")).Code.ShouldBe(6);
    }

    [Fact]
    public async Task Server_OverAUnixSocket_IsReached()
    {
        var socket = Path.Combine(cli.Folder, "api.sock");
        await using var server = await ScriptedServer.StartAsync(socket);
        server.On("GET /api/v1/devices", """{"items":[]}""");
        var run = await cli.RunAsync("get", "devices", "--server", $"unix:{socket}", "--token-file", cli.Write("token", "t"));
        run.ShouldBe(new CliRun(0, string.Empty, "No devices.\n"));
    }

    [Fact]
    public async Task DataFlag_WinsOverTheServerVariable()
    {
        cli.Facing("http://127.0.0.1:1");
        (await cli.RunAsync("get", "devices", "--data", "empty")).Error.ShouldStartWith("error: no fleet runs from ");
    }

    [Theory]
    [InlineData("ftp://x", "'ftp://x' is no server: write http://host:port, https://host:port or unix:/path")]
    [InlineData("localhost:1", "'localhost:1' is no server: write http://host:port, https://host:port or unix:/path")]
    [InlineData("unix:relative", "'unix:relative' names no socket: write unix:/absolute/path")]
    public async Task Server_ThatIsNone_IsAUsageError(string server, string message)
    {
        var run = await cli.RunAsync("get", "devices", "--server", server, "--token-file", cli.Write("token", "t"));
        run.ShouldBe(new CliRun(2, string.Empty, $"error: {message}\n"));
    }

    [Fact]
    public async Task Server_WithoutAToken_IsNotAuthorised() =>
        (await cli.RunAsync("get", "devices", "--server", "http://127.0.0.1:1")).ShouldBe(
            new CliRun(7, string.Empty, "error: no token is known for http://127.0.0.1:1: name its file with --token-file or HARMONY_FLEET_TOKEN_FILE\n"));

    [Fact]
    public async Task Server_ThatIsNone_IsToldBeforeItsToken() =>
        (await cli.RunAsync("get", "devices", "--server", "foo")).ShouldBe(
            new CliRun(2, string.Empty, "error: 'foo' is no server: write http://host:port, https://host:port or unix:/path\n"));

    [Fact]
    public async Task TokenFile_ThatIsMissing_IsNotAuthorised()
    {
        var run = await cli.RunAsync("get", "devices", "--server", "http://127.0.0.1:1", "--token-file", "nowhere");
        run.ShouldBe(new CliRun(7, string.Empty, $"error: the token cannot be read: {Path.Combine(cli.Folder, "nowhere")} does not exist: name another file with --token-file\n"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    [InlineData("nötig")]
    public async Task TokenFile_ThatHoldsNoToken_IsNotAuthorised(string content)
    {
        var run = await cli.RunAsync("get", "devices", "--server", "http://127.0.0.1:1", "--token-file", cli.Write("token", content));
        run.Code.ShouldBe(7);
        run.Error.ShouldContain("holds no token");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"server\":\"http://127.0.0.1:1\"}")]
    [InlineData("{\"server\":5,\"tokenFile\":\"x\"}")]
    public async Task StackFile_ThatIsBroken_SaysHowToMend(string content)
    {
        Runs("data");
        cli.Write("data/run/stack.json", content);
        var run = await cli.RunAsync("get", "devices", "--data", "data");
        run.ShouldBe(new CliRun(1, string.Empty, $"error: {Path.Combine(cli.Folder, "data/run/stack.json")} does not say where the fleet is: start it again with fleet up --data data\n"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{")]
    [InlineData("{\"phase\":\"Ready\",\"supervisor\":{\"pid\":PID,\"startTicks\":1}}")]
    [InlineData("{\"phase\":\"Ready\",\"supervisor\":null}")]
    public async Task StackFile_OfAStackThatCrashed_IsNotBelieved(string? state)
    {
        await using var stranger = await ScriptedServer.StartAsync();
        Marks("data");
        cli.Write("data/run/stack.json", $$"""{"server":"{{stranger.Address}}","tokenFile":"{{cli.Write("token", ScriptedServer.Token)}}"}""");
        if (state is not null)
        {
            cli.Write("data/run/state.json", state.Replace("PID", $"{Environment.ProcessId}", StringComparison.Ordinal));
        }

        (await cli.RunAsync("get", "devices", "--data", "data")).ShouldBe(
            new CliRun(6, string.Empty, $"error: no fleet runs from {cli.Folder}/data: start one with fleet up --data data, or name one with --server\n"));
        stranger.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task StackFile_InACopyOfAFolder_IsNotBelieved()
    {
        await using var original = await ScriptedServer.StartAsync();
        Runs("copy", of: "data");
        cli.Write("copy/run/stack.json", $$"""{"server":"{{original.Address}}","tokenFile":"{{cli.Write("token", ScriptedServer.Token)}}"}""");
        var run = await cli.RunAsync("get", "devices", "--data", "copy");
        run.ShouldBe(new CliRun(6, string.Empty, $"error: no fleet runs from {cli.Folder}/copy: start one with fleet up --data copy, or name one with --server\n"));
        original.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("link")]
    [InlineData("disk/../link/.")]
    [InlineData("disk/way-back/link")]
    public async Task DataFolder_ByALink_IsTheSameFleet(string named)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On("GET /api/v1/devices", """{"items":[]}""");
        Runs("disk/data");
        Directory.CreateSymbolicLink(Path.Combine(cli.Folder, "link"), Path.Combine(cli.Folder, "disk/data"));
        Directory.CreateSymbolicLink(Path.Combine(cli.Folder, "disk/way-back"), "..");
        cli.Write("disk/data/run/stack.json", $$"""{"server":"{{server.Address}}","tokenFile":"{{cli.Write("token", ScriptedServer.Token)}}"}""");
        (await cli.RunAsync("get", "devices", "--data", named)).ShouldBe(new CliRun(0, string.Empty, "No devices.\n"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{\"id\":\"ffffffffffffffffffffffffffffffff\"}")]
    public async Task StackFile_OfAFolderThatIsNoFleets_IsNotBelieved(string? mark)
    {
        await using var stranger = await ScriptedServer.StartAsync();
        Runs("data");
        cli.Write("data/run/stack.json", $$"""{"server":"{{stranger.Address}}","tokenFile":"{{cli.Write("token", ScriptedServer.Token)}}"}""");
        if (mark is null)
        {
            File.Delete(Path.Combine(cli.Folder, "data/.harmony-fleet"));
        }
        else
        {
            cli.Write("data/.harmony-fleet", mark);
        }

        var run = await cli.RunAsync("get", "devices", "--data", "data");
        run.Code.ShouldBe(2);
        run.Error.ShouldContain("so nothing there was touched");
        stranger.Requests.ShouldBeEmpty();
    }

    /// <summary>A fleet of this user was set up in the folder.</summary>
    private void Marks(string folder)
    {
        foreach (var name in (string[])[".harmony-fleet", "fleet.json"])
        {
            cli.Write($"{folder}/{name}", """{"id":"0123456789abcdef0123456789abcdef"}""");
        }
    }

    /// <summary>A stack runs from the folder: in this process. With the parts of many devices, what it says is long.</summary>
    private void Runs(string folder, string? of = null)
    {
        var self = ProcessIdentity.Self;
        var parts = string.Join(',', Enumerable.Range(1, 64).Select(number => $$"""{"name":"device-{{number}} podman","since":"2026-11-01T00:00:00Z","logFile":"/{{new string('f', 300)}}"}"""));
        Marks(folder);
        cli.Write($"{folder}/run/state.json", $$$"""{"phase":"Ready","supervisor":{"pid":{{{self.Pid}}},"startTicks":{{{self.StartTicks}}} },"folder":"{{{Path.Combine(cli.Folder, of ?? folder)}}}","parts":[{{{parts}}}]}""");
    }
}
