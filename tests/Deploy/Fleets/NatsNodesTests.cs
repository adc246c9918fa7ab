using System.Text.Json;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>Fleets with one NATS server and with three, as the command line shows them.</summary>
[Trait("Category", "Integration")]
public sealed class NatsNodesTests
{
    [Theory]
    [InlineData("2")]
    [InlineData("0")]
    [InlineData("many")]
    public async Task Up_WithANumberThatIsNone_SaysWhich(string number)
    {
        await using var folder = new FleetFolder();
        var up = await folder.RunAsync("up", "--nats-nodes", number);
        up.Code.ShouldBe(2);
        up.Errors.ShouldContain($"error: --nats-nodes takes 1, 3 or 5: a cluster needs a majority, and an even number can lose no more servers than one less; not '{number}'");
        Directory.Exists(folder.Path).ShouldBeFalse();
    }

    [Fact]
    public async Task FleetOfThree_IsShown_StaysSo_AndLosesOneOfThem()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync("--devices", "0", "--nats-nodes", "3");
        var status = await folder.StatusAsync();
        status.GetProperty("natsUrl").GetString()!.Split(',').Length.ShouldBe(3);
        Parts(status).ShouldBe(["nats-1", "nats-2", "nats-3", "operator"]);
        Log(folder, 2).ShouldNotBeEmpty();

        var other = await folder.RunAsync("up", "--nats-nodes", "1");
        other.Code.ShouldBe(5);
        other.Errors.ShouldContain("with 3 NATS servers and not --nats-nodes 1: end it with fleet down");
        (await folder.RunAsync("up", "--detach", "--nats-nodes", "3")).Code.ShouldBe(0);

        folder.Find("node-3/nats.conf").ShouldNotBeNull();
        File.Move(Config(folder, 3), Config(folder, 3) + ".away");
        (await CliCall.RunAsync("kv", "ls", "--data", folder.Path)).Code.ShouldBe(0);
        Kill(folder.Find("node-3/nats.conf")!.Pid);
        await Eventually.HoldsAsync(async () => (await folder.RunAsync("status")).Errors.Contains("nats-3 is down", StringComparison.Ordinal), "it is seen to be down");
        await Eventually.HoldsAsync(async () => (await CliCall.RunAsync("kv", "ls", "--data", folder.Path)).Code == 0, "the others do its work");
        File.Move(Config(folder, 3) + ".away", Config(folder, 3));
        await Eventually.HoldsAsync(async () => (await folder.RunAsync("status")).Code == 0, "all is well again", TimeSpan.FromSeconds(90));

        (await folder.RunAsync("down")).Code.ShouldBe(0);
        (await folder.RunAsync("up", "--detach")).Code.ShouldBe(0);
        Parts(await folder.StatusAsync()).ShouldBe(["nats-1", "nats-2", "nats-3", "operator"]);
    }

    [Fact]
    public async Task FleetOfOne_BroughtUpWithThree_PutsAsideWhatNatsHeld_ButNotWithoutTheStore()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync("--devices", "0");
        var url = (await folder.StatusAsync()).GetProperty("natsUrl").GetString();
        (await folder.RunAsync("down")).Code.ShouldBe(0);

        var store = Path.Combine(folder.Path, "operator/data/fleet.db");
        File.Move(store, store + ".lost");
        var refused = await folder.RunAsync("up", "--nats-nodes", "3");
        refused.Code.ShouldBe(1);
        refused.Errors.ShouldContain("the operator's store (operator/data/fleet.db) is missing");
        refused.Errors.ShouldContain($"start it with --nats-nodes 1, and see what fleet recover says");
        Directory.Exists(Path.Combine(folder.Path, "nats/jetstream")).ShouldBeTrue();
        File.Move(store + ".lost", store);

        var up = await folder.RunAsync("up", "--detach", "--nats-nodes", "3");
        up.Code.ShouldBe(0, up.Errors);
        up.Errors.ShouldContain("NATS has 3 servers from now on, and had 1: what it held is made again");
        Kept(folder).ShouldBe(["jetstream"]);
        (await folder.StatusAsync()).GetProperty("natsUrl").GetString().ShouldStartWith(url + ",", customMessage: "the first one has the port that it had");
        (await folder.RunAsync("down")).Code.ShouldBe(0);

        await folder.UpAsync("--nats-nodes", "1");
        Kept(folder).ShouldBe(["node-1", "node-2", "node-3"]);
        (await folder.StatusAsync()).GetProperty("natsUrl").GetString().ShouldBe(url);
    }

    private static string Config(FleetFolder folder, int node) => Path.Combine(folder.Path, $"nats/node-{node}/nats.conf");

    private static string Log(FleetFolder folder, int node) => File.ReadAllText(Path.Combine(folder.Path, $"logs/nats-{node}.log"));

    private static IEnumerable<string> Kept(FleetFolder folder) => Directory.GetDirectories(Path.Combine(folder.Path, "nats/before")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private static IEnumerable<string?> Parts(JsonElement status) => status.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("name").GetString());

    private static void Kill(int pid) => Harmony.Fleet.Deploy.Processes.Signals.Send(pid, Harmony.Fleet.Deploy.Processes.Signal.Kill).ShouldBeTrue();
}
