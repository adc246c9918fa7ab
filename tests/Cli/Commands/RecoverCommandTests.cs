using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Scores;
using Microsoft.AspNetCore.Http;

namespace Harmony.Fleet.Tests.Cli.Commands;

/// <summary>A manifest on the bus names default/hello, and the store is empty.</summary>
public sealed class RecoverCommandTests : IAsyncLifetime
{
    private readonly CliUnderTest cli = new();
    private OperatorServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await OperatorServer.StartAsync();
        cli.Facing(server.Address);
        await server.PutManifestAsync("pi-1", new ReconcileScore { PodmanV0 = new() { Containers = [new() { Name = "web", Image = "docker.io/library/nginx:1" }] } });
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Fact]
    public async Task NoOption_ListsAndSaysWhatCanBeDone()
    {
        var run = await cli.RunAsync("recover");
        run.ShouldBe(new CliRun(
            0,
            "DEPLOYMENT     UID  KNOWN BY  DEVICES  SINCE  ON\ndefault/hello  u-1  manifest        1  -      pi-1\n",
            "Devices run these, and the store has lost them. Take them back with fleet recover --adopt, or remove them with fleet recover --drop.\n"));
        (await cli.RunAsync("recover", "-o", "json")).Out.ShouldContain("\"uids\": [\n        \"u-1\"\n      ]");
    }

    /// <summary>Its uid has 36 characters, and it was found 10 s ago.</summary>
    [Theory]
    [InlineData(60)]
    [InlineData(40)]
    [InlineData(30)]
    public async Task List_FitsTheTerminal_AndTellsSinceWhenAsOthersDo(int width)
    {
        await using var scripted = await ScriptedServer.StartAsync();
        scripted.On("GET /api/v1/recovery", $$"""{"items":[{"namespace":"default","name":"two","uids":["0c7a4f5e-3f0b-4d4e-9a43-2f1d3a0c9b7e"],"devices":["device-1","device-2"],"knownBy":"device","since":"{{Samples.Then.AddSeconds(-10):O}}"}]}""");
        cli.Facing(scripted.Address).Time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Samples.Then);
        (await cli.RunAsync("recover")).Out.Split('\n')[1].ShouldBe("default/two  0c7a4f5e-3f0b-4d4e-9a43-2f1d3a0c9b7e  device          2  10s    device-1, device-2");

        cli.IsTerminal = true;
        cli.Resize(width, 24);
        var lines = (await cli.RunAsync("recover")).Out.Split('\n');
        lines.ShouldAllBe(line => line.Length <= width);
        lines[1].ShouldStartWith("default/two  ");
    }

    [Fact]
    public async Task Drop_OfSeveral_AsksAboutTheirContainers()
    {
        await using var scripted = await ScriptedServer.StartAsync();
        scripted.On("GET /api/v1/recovery", """{"items":[{"namespace":"default","name":"a","uids":["u-1"],"devices":["pi-1"]},{"namespace":"default","name":"b","uids":["u-2"],"devices":["pi-2"]}]}""");
        (cli.Facing(scripted.Address).IsTerminal, cli.Input) = (true, "n\n");
        (await cli.RunAsync("recover", "--drop")).Error.ShouldStartWith("Remove default/a, default/b and their containers from 2 devices? ");
    }

    /// <summary>It said "61 to 61" of a store whose term alone is behind.</summary>
    [Theory]
    [InlineData(61, 61, "(resourceVersion 61)")]
    [InlineData(61, 70, "(resourceVersion 61 to 70)")]
    public async Task List_OfWritesThatWereLost_NamesARange_OrOneVersion(int from, int until, string words)
    {
        await using var scripted = await ScriptedServer.StartAsync();
        scripted.On("GET /api/v1/recovery", $$"""{"items":[],"lostWrites":{"from":{{from}},"until":{{until}},"foundAt":"2026-11-27T10:00:00Z"} }""");
        (await cli.Facing(scripted.Address).RunAsync("recover")).Error.ShouldStartWith($"The store lost acknowledged writes {words}, as was found ");
    }

    [Fact]
    public async Task Acknowledge_WhereNoWritesWereLost_SaysSo() =>
        (await cli.RunAsync("recover", "--acknowledge")).ShouldBe(new CliRun(0, string.Empty, "No writes were lost.\n"));

    [Theory]
    [InlineData(200, """{"items":[],"lostWrites":{"from":3,"until":5,"foundAt":"2026-11-27T10:00:00Z"}}""")]
    [InlineData(503, "{}")]
    public async Task Acknowledge_OfWritesThatWereLost_OrWhereThatCannotBeTold_IsSent(int code, string said)
    {
        await using var scripted = await ScriptedServer.StartAsync();
        scripted.On("GET /api/v1/recovery", said, code).On("POST /api/v1/recovery/acknowledge", """{"items":[]}""");
        (await cli.Facing(scripted.Address).RunAsync("recover", "--acknowledge")).ShouldBe(new CliRun(0, "lost writes acknowledged\n", string.Empty));
    }

    [Fact]
    public async Task Adopt_TakesItBack_Once()
    {
        (await cli.RunAsync("recover", "--adopt", "default/hello")).ShouldBe(new CliRun(0, "deployment default/hello adopted (1 device)\n", string.Empty));
        (await cli.RunAsync("get", "deployment", "hello", "-o", "json")).Out.ShouldContain("\"uid\": \"u-1\"");
        (await cli.RunAsync("recover", "--adopt")).ShouldBe(new CliRun(0, string.Empty, "Nothing was lost.\n"));
    }

    [Fact]
    public async Task Adopt_WithASelectorThatLeavesADeviceOut_Fails()
    {
        await server.AddDeviceAsync(new Device { Metadata = new() { Name = "pi-1" } });
        var run = await cli.RunAsync("recover", "--adopt", "--selector", "site=lyon");
        (run.Code, run.Out).ShouldBe((1, string.Empty));
        run.Error.ShouldStartWith("error: deployment default/hello was not adopted: the selector site=lyon does not match pi-1, where its containers would be removed");
    }

    [Theory]
    [InlineData("y\n", 0)]
    [InlineData("n\n", 1)]
    [InlineData("", 1)]
    public async Task Drop_AsksOnATerminal(string answer, int code)
    {
        cli.IsTerminal = true;
        cli.Input = answer;
        var run = await cli.RunAsync("recover", "--drop");
        run.Code.ShouldBe(code);
        run.Error.ShouldStartWith("Remove default/hello and its containers from 1 device? There is no way back. [y/N] ");
        (await cli.RunAsync("recover", "-o", "json")).Out.Contains("hello", StringComparison.Ordinal).ShouldBe(code != 0);
    }

    /// <summary>A device may invent what it likes: it was dropped along with what was lost.</summary>
    [Fact]
    public async Task Drop_WithoutNames_LeavesWhatDevicesAloneSay_AndSaysSo()
    {
        await using var scripted = await ScriptedServer.StartAsync();
        var sent = new List<string>();
        const string Claim = """{"namespace":"default","name":"zzz","uids":["u-2"],"devices":["pi-2"],"knownBy":"device"}""";
        scripted.On("GET /api/v1/recovery", $$"""{"items":[{"namespace":"default","name":"a","uids":["u-1"],"devices":["pi-1"],"knownBy":"manifest"},{{Claim}}]}""");
        scripted.On("POST /api/v1/recovery/drop", async (request, response) =>
        {
            var items = JsonElement.Parse(request.Body).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!).ToArray();
            sent.AddRange(items);
            await response.WriteAsync($$"""{"items":[{"namespace":"default","name":"{{items[0]}}","done":true,"devices":1}]}""");
        });
        cli.Facing(scripted.Address);
        const string Left = "Left as it is, since devices alone say that they run it: default/zzz. To remove one, name it: fleet recover --drop default/zzz.\n";

        (await cli.RunAsync("recover")).Error.ShouldEndWith("What is known by devices alone may be invented: it is removed only by name.\n");
        (await cli.RunAsync("recover", "--drop", "--yes")).ShouldBe(new CliRun(0, "deployment default/a dropped (1 device)\n", Left));
        scripted.On("GET /api/v1/recovery", $$"""{"items":[{{Claim}}]}""");
        (await cli.RunAsync("recover", "--drop")).ShouldBe(new CliRun(0, string.Empty, Left), "there is nothing to be asked");
        sent.ShouldBe(["a"]);

        (await cli.RunAsync("recover", "--drop", "default/zzz", "--yes")).ShouldBe(new CliRun(0, "deployment default/zzz dropped (1 device)\n", string.Empty));
    }

    [Fact]
    public async Task Drop_WithoutATerminal_DemandsYes()
    {
        (await cli.RunAsync("recover", "--drop")).ShouldBe(
            new CliRun(2, string.Empty, "error: there is no terminal to ask on: say --yes to remove them from all devices without a question\n"));
        (await cli.RunAsync("recover", "--drop", "--yes", "-o", "json")).Out.ShouldContain("\"done\": true");
    }

    [Theory]
    [InlineData("error: --adopt and --drop exclude each other", "--adopt", "--drop")]
    [InlineData("error: --selector says for which devices", "--selector", "a=b")]
    [InlineData("error: --yes answers what --drop asks", "--adopt", "--yes")]
    [InlineData("error: 'hello' names no deployment", "--adopt", "hello")]
    public async Task WrongWords_AreToldBeforeAnythingIsSent(string error, params string[] words)
    {
        var run = await cli.RunAsync(["recover", .. words]);
        run.Code.ShouldBe(2);
        run.Error.ShouldStartWith(error);
        (await cli.RunAsync("recover", "-o", "json")).Out.ShouldContain("hello");
    }

    [Fact]
    public async Task OneThatWasNotLost_IsNotFound() => (await cli.RunAsync("recover", "--drop", "default/other", "--yes")).ShouldBe(
        new CliRun(3, string.Empty, "error: no deployment default/other was lost: see which were with fleet recover\n"));
}
