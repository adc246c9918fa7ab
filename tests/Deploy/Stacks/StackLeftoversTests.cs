using System.Diagnostics;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Stacks;

/// <summary>What goes on of a fleet whose own process was killed, played by processes with the same words.</summary>
public sealed class StackLeftoversTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly List<Process> started = [];

    public void Dispose()
    {
        foreach (var process in started)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }

        folder.Dispose();
    }

    [Fact]
    public async Task Leftovers_AreFoundByTheFilesThatTheyWereStartedWith()
    {
        var layout = PodmanLayout.For(Directory.CreateDirectory(folder.File("devices/device-1/podman")).FullName);
        var wanted = new Dictionary<string, int>
        {
            ["operator"] = Start("operator", "--config", folder.File("operator/operator.json")),
            ["nats-2"] = Start("nats-server", "--config", folder.File("nats/node-2/nats.conf")),
            ["device-1"] = Start("agent", "--config", folder.File("devices/device-1/agent.json")),
            ["device-1 podman"] = Start("podman", "system", "service", $"unix://{layout.SocketPath}"),
            ["default.web.web"] = Start("conmon", "-b", Path.Combine(layout.StorageFolder, "overlay-containers/x/userdata"), "-n", "default.web.web"),
        };
        Start("operator", "--config", folder.File("elsewhere.json"));
        Start("tail", "-f", folder.File("logs/nats.log"));
        Start("conmon", "-b", folder.File("other/storage/x"), "-n", "theirs");
        var leftovers = new StackLeftovers(folder.Path, TimeProvider.System);
        await Eventually.HoldsAsync(() => leftovers.Find().Length == wanted.Count, "they have their words");
        leftovers.Find().ToDictionary(left => left.Name, left => left.Process.Pid).ShouldBe(wanted, ignoreOrder: true);
        leftovers.Find().Where(left => left.IsContainer).Select(left => left.Name).ShouldBe(["default.web.web"]);
    }

    [Fact]
    public async Task End_OfLeftovers_EndsThoseThatAreStopped_AndLeavesContainers()
    {
        var layout = PodmanLayout.For(Directory.CreateDirectory(folder.File("devices/device-1/podman")).FullName);
        var stopped = Start("operator", "--config", folder.File("operator/operator.json"));
        Start("conmon", "-b", Path.Combine(layout.StorageFolder, "x"), "-n", "web");
        var leftovers = new StackLeftovers(folder.Path, TimeProvider.System);
        await Eventually.HoldsAsync(() => leftovers.Find().Length == 2, "they have their words");
        using var kill = Process.Start("kill", ["-STOP", $"{stopped}"]);
        await Eventually.HoldsAsync(() => ProcessIdentity.Of(stopped) is { IsStopped: true }, "it is stopped");
        await leftovers.EndAsync();
        leftovers.Find().Select(left => left.Name).ShouldBe(["web"]);
    }

    /// <summary>Root in a container without a user namespace has the host's user, and the usual data folder the host's path.</summary>
    [Fact]
    public async Task Leftovers_OfAContainersOwnFleet_AreNotOurs()
    {
        const string Sleep = "exec -a operator perl -e 'sleep 1007' x --config \"$CONFIG\"";
        var config = folder.File("operator/operator.json");
        var container = StartTold(config, "unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", Sleep);
        await Eventually.HoldsAsync(() => HasChild(container, config), "it runs in the container");
        var here = StartTold(config, "bash", "-c", Sleep);
        var leftovers = new StackLeftovers(folder.Path, TimeProvider.System);
        await Eventually.HoldsAsync(() => !leftovers.Find().IsEmpty, "it has its words");
        leftovers.Find().ShouldHaveSingleItem().Process.Pid.ShouldBe(here);
        await leftovers.EndAsync();
        HasChild(container, config).ShouldBeTrue();
    }

    /// <summary>It would start again what is ended, in the hands of the next fleet.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Processes_OfAFleetThatRuns_WhoseFolderWasMovedOrRemoved_AreLeftAlone_AndNoOtherIsStarted(bool isMoved)
    {
        var data = folder.File("data");
        Directory.CreateDirectory($"{data}/run");
        var supervisor = StartTold($"{data}/operator/operator.json", "bash", "-c", $"exec 9>'{data}/run/lock'; (exec -a operator perl -e 'sleep 1007' x --config \"$CONFIG\") & wait");
        await Eventually.HoldsAsync(() => HasChild(supervisor, $"{data}/operator/operator.json"), "it has its words");
        var leftovers = new StackLeftovers(data, TimeProvider.System);
        leftovers.Conflict().ShouldBeNull("its lock is where it was");
        leftovers.Find().ShouldBeEmpty();
        if (isMoved)
        {
            Directory.Move(data, folder.File("moved"));
        }
        else
        {
            Directory.Delete(data, recursive: true);
        }

        var conflict = new Fault(
            FaultKind.Conflict,
            $"process {supervisor} runs the fleet that was started in {data}, which was {(isMoved ? $"moved to {folder.File("moved")}" : "removed")} since",
            isMoved ? $"move the folder back to {data}, and end it there" : $"end it with kill {supervisor}, then try again");
        leftovers.Conflict().ShouldBe(conflict);
        var options = new LocalFleetOptions { DataFolder = data, BaseFolder = AppContext.BaseDirectory, Random = new Random(1) };
        (await LocalFleet.StartAsync(options, new Progress<DeployNews>(), TimeProvider.System, TestContext.Current.CancellationToken)).Fault.ShouldBe(conflict);
        (await new DetachedFleet(data, TimeProvider.System).StartAsync(["false"], new Dictionary<string, string>(), _ => { }, TestContext.Current.CancellationToken)).Fault.ShouldBe(conflict);
        Directory.Exists(data).ShouldBeFalse("what was moved can be moved back");
        await leftovers.EndAsync();
        HasChild(supervisor, $"{data}/operator/operator.json").ShouldBeTrue();
    }

    /// <summary>Whether the only child of a process has these words.</summary>
    private static bool HasChild(int parent, string config) =>
        int.TryParse(File.ReadAllText($"/proc/{parent}/task/{parent}/children"), out var child) && File.ReadAllText($"/proc/{child}/cmdline").Contains($"--config\0{config}\0", StringComparison.Ordinal);

    /// <summary>A process of another program with the words that count.</summary>
    private int Start(string name, params string[] words) => StartTold(null, "bash", ["-c", "exec -a \"$0\" perl -e 'sleep 1007' x \"$@\"", name, .. words]);

    /// <summary>A process that is told of a file, but not by its words.</summary>
    private int StartTold(string? config, string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words);
        start.Environment["CONFIG"] = config;
        var process = Process.Start(start)!;
        started.Add(process);
        return process.Id;
    }
}
