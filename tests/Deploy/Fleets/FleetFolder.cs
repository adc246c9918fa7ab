using System.Globalization;
using System.Text.Json;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>A data folder of a test's own; whatever runs from it is ended and removed with it.</summary>
internal sealed class FleetFolder(string name = "data") : IAsyncDisposable
{
    /// <summary>No test has more.</summary>
    private const int Devices = 5;

    private readonly TempFolder folder = new();

    public string Path => folder.File(name);

    /// <summary>The folders of the devices' podmans, those outside of the data folder, too.</summary>
    public List<string> Places()
    {
        var devices = System.IO.Path.Combine(Path, "devices");
        return !Directory.Exists(devices) ? [] : [.. Directory.GetDirectories(devices)
            .Select(device => PodmanLayout.For(System.IO.Path.Combine(device, "podman")))
            .SelectMany(layout => (string[])[layout.RootFolder, layout.RuntimeFolder])];
    }

    /// <summary>Rules and bridges of the devices' podmans in the host's network.</summary>
    public List<string> NetworkTraces() => [.. Enumerable.Range(1, Devices).SelectMany(number => HostNetwork.TracesOf(System.IO.Path.Combine(Path, "devices", $"device-{number}", "podman")))];

    /// <summary>Calls the podman of a device.</summary>
    /// <returns>What it prints.</returns>
    public async Task<string> PodmanAsync(string device, params string[] arguments)
    {
        var podman = PodmanCommand.For(PodmanLayout.For(System.IO.Path.Combine(Path, "devices", device, "podman"))).ShouldNotBeNull();
        var result = await podman.RunAsync([.. arguments], TestContext.Current.CancellationToken);
        return result.IsOk ? result.Value : throw new InvalidOperationException(result.Fault.ToString());
    }

    /// <summary>Every living process whose command line names the folder: name and identity.</summary>
    public List<(string Command, ProcessIdentity Identity)> Processes()
    {
        var found = new List<(string, ProcessIdentity)>();
        string[] folders = [Path, .. Places()];
        foreach (var entry in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(System.IO.Path.GetFileName(path)[0])))
        {
            var command = ReadOrEmpty(System.IO.Path.Combine(entry, "cmdline")).Replace('\0', ' ').Trim();
            var pid = int.Parse(System.IO.Path.GetFileName(entry), CultureInfo.InvariantCulture);
            if (Array.Exists(folders, part => command.Contains(part, StringComparison.Ordinal)) && ProcessIdentity.Of(pid) is { } identity)
            {
                found.Add((command, identity));
            }
        }

        return found;
    }

    /// <summary>The process whose command line has <paramref name="word"/>.</summary>
    public ProcessIdentity? Find(string word) => Processes().FirstOrDefault(process => process.Command.Contains(word, StringComparison.Ordinal)).Identity;

    /// <summary>Waits until no process of the folder is left.</summary>
    public Task NobodyIsLeftAsync() =>
        Eventually.HoldsAsync(() => Processes().Count == 0, $"no process is left: {string.Join(" | ", Processes().Select(process => process.Command))}", TimeSpan.FromSeconds(20));

    /// <summary>Calls a verb of the command line for the folder.</summary>
    public Task<(int Code, string Output, string Errors)> RunAsync(string verb, params string[] arguments) => CliCall.RunAsync([verb, .. arguments, "--data", Path]);

    /// <summary>What <c>fleet status</c> shows.</summary>
    public async Task<JsonElement> StatusAsync() => JsonElement.Parse((await RunAsync("status", "-o", "json")).Output);

    /// <summary>Starts a fleet in the background.</summary>
    public async Task UpAsync(params string[] arguments)
    {
        var up = await RunAsync("up", ["--detach", .. arguments]);
        up.Code.ShouldBe(0, up.Errors);
    }

    /// <summary>Whether something of the folder is mounted.</summary>
    public bool HasMounts() => Array.Exists([Path, .. Places()], part => File.ReadAllText("/proc/self/mountinfo").Contains(part, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down", "--purge", "--now");
        await new StackRemoval(Path).PurgeAsync(CancellationToken.None);
        var left = NetworkTraces();
        folder.Dispose();
        left.ShouldBeEmpty();
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
