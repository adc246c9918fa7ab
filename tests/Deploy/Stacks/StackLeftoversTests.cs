using System.Diagnostics;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;
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

    /// <summary>A process of another program with the words that count.</summary>
    private int Start(string name, params string[] words)
    {
        var process = Process.Start("bash", ["-c", "exec -a \"$0\" perl -e 'sleep 1007' x \"$@\"", name, .. words]);
        started.Add(process);
        return process.Id;
    }
}
