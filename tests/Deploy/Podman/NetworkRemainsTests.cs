using System.Globalization;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Conformance.Podman;
using Harmony.Fleet.Tests.Harness;
using static Harmony.Fleet.Tests.Conformance.Podman.PodmanFixture;

namespace Harmony.Fleet.Tests.Deploy.Podman;

/// <summary>Whatever of a private podman is killed: no rule of the host's packet filter goes on to lead a port to where nobody is.</summary>
[Trait("Category", "Integration")]
public sealed class NetworkRemainsTests(PodmanFixture other) : IClassFixture<PodmanFixture>
{
    /// <summary>What is killed: containers with what watches over them; the watchers alone; podman in mid-start; podman's books are lost, with the watchers killed or not.</summary>
    public static TheoryData<string> Ends => ["containers", "watchers", "start", "books", "books and watchers"];

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Purge_AfterAKill_LeavesNothingInTheHostsNetwork_AndNothingOfAnotherIsTouched(string end)
    {
        await using var killed = await KilledPodman.AfterAsync(end);
        var neighbour = await other.RunAsync(other.Spec() with { Ports = [new(80, FreePort.Next(), string.Empty, "tcp")] });
        var before = HostNetwork.TracesOf(other.Service.Layout.Folder);
        before.ShouldContain(rule => rule.Contains("-j DNAT", StringComparison.Ordinal));

        Must(await PodmanPurge.PurgeAsync(killed.Folder, Cancel));

        HostNetwork.TracesOf(killed.Folder).ShouldBeEmpty();
        killed.Namespaces.ShouldAllBe(path => !File.Exists(path));
        killed.Processes.ShouldAllBe(process => !process.IsAlive);
        HostNetwork.TracesOf(other.Service.Layout.Folder).ShouldBe(before);
        Must(await other.Runtime.RemoveAsync(neighbour, Cancel));
    }

    /// <summary>As <c>fleet down</c> does it; what stays in the books can be started again, or is made anew by the agent.</summary>
    [Theory]
    [InlineData("containers", 0)]
    [InlineData("containers", 1)]
    [InlineData("watchers", 1)]
    [InlineData("start", 1)]
    public async Task Down_AfterAKill_LeavesNothingInTheHostsNetwork(string end, int grace)
    {
        await using var killed = await KilledPodman.AfterAsync(end, grace);

        Must(await PodmanStop.StopAllAsync([killed.Folder], _ => Task.CompletedTask, new CancellationToken(canceled: true), Cancel));
        (await PodmanStop.ReleaseAsync(killed.Folder)).ShouldBeNull();

        HostNetwork.TracesOf(killed.Folder).ShouldBeEmpty();
        killed.Namespaces.ShouldAllBe(path => !File.Exists(path));
        await killed.StartsAgainAsync();
    }

    /// <summary>A device whose podman was killed in mid-start: the port leads to the container that is started then, not to the address that the first try was given.</summary>
    [Fact]
    public async Task Start_AfterAKillInMidStart_LeadsThePortToTheContainerThatRuns()
    {
        await using var killed = await KilledPodman.AfterAsync("start");

        await killed.StartsAgainAsync();

        HostNetwork.TracesOf(killed.Folder).Where(rule => rule.Contains("-j DNAT", StringComparison.Ordinal)).ShouldHaveSingleItem();
    }
}

/// <summary>A private podman with a container that has a port, after something was killed.</summary>
internal sealed class KilledPodman(int grace) : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly int port = FreePort.Next();
    private PodmanLayout layout = null!;

    public string Folder => layout.Folder;

    /// <summary>The namespaces that its containers were in.</summary>
    public List<string> Namespaces { get; } = [];

    /// <summary>The processes of its containers.</summary>
    public List<ProcessIdentity> Processes { get; } = [];

    public static async Task<KilledPodman> AfterAsync(string end, int grace = 1)
    {
        var killed = new KilledPodman(grace);
        try
        {
            await killed.KillAsync(end);
            return killed;
        }
        catch
        {
            await killed.DisposeAsync();
            throw;
        }
    }

    /// <summary>As an agent does it: what can be started is started, and what is missing is made.</summary>
    public async Task StartsAgainAsync()
    {
        await using var service = Must(await PodmanService.StartAsync(new() { Folder = Folder }, TimeProvider.System, Cancel));
        using var runtime = new PodmanRuntime(new() { SocketPath = service.SocketPath }, TimeProvider.System);
        var left = Must(await runtime.ObserveAsync(Label, "killed", Cancel));
        left.ShouldAllBe(container => container.State == ContainerState.Created || container.State == ContainerState.Exited);
        Must(await runtime.StartAsync(left is [var found, ..] ? found.Id : Must(await runtime.CreateAsync(Spec(), Cancel)), Cancel));
        HostNetwork.TracesOf(Folder).ShouldContain(rule => rule.Contains("-j DNAT", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        Must(await PodmanPurge.PurgeAsync(folder.File("podman"), CancellationToken.None));
        folder.Dispose();
    }

    private ContainerSpec Spec() => new()
    {
        Name = "ns.app.killed",
        Image = Image,
        Labels = System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create(Label, "killed")]),
        Ports = [new(80, port, string.Empty, "tcp")],
        StopTimeoutSeconds = grace,
    };

    private async Task KillAsync(string end)
    {
        string id;
        await using (var service = Must(await PodmanService.StartAsync(new() { Folder = folder.File("podman") }, TimeProvider.System, Cancel)))
        {
            layout = service.Layout;
            using var runtime = new PodmanRuntime(new() { SocketPath = service.SocketPath }, TimeProvider.System);
            using var archive = Harmony.Fleet.Deploy.Images.ImageArchive.Write(IdleImage(Image));
            (await Harmony.Fleet.Deploy.Images.ImageLoad.LoadAsync(service.SocketPath, archive, Cancel)).ShouldBeNull();
            id = Must(await runtime.CreateAsync(Spec(), Cancel));
        }

        if (end == "start")
        {
            await StartThatIsKilledAsync(id);
        }
        else
        {
            var podman = PodmanCommand.For(layout)!;
            Must(await podman.RunAsync(["start", id], Cancel));
            var told = Must(await podman.RunAsync(["inspect", "--format", "{{.State.Pid}} {{.State.ConmonPid}} {{.NetworkSettings.SandboxKey}}", id], Cancel)).Trim().Split(' ');
            int[] processes = [int.Parse(told[0], CultureInfo.InvariantCulture), int.Parse(told[1], CultureInfo.InvariantCulture)];
            Namespaces.Add(told[2]);
            Processes.AddRange(processes.Select(process => ProcessIdentity.Of(process)!));
            int[] doomed = end switch
            {
                "containers" => processes,
                "books" => [],
                _ => [processes[1]],
            };
            Array.ForEach(doomed, process => Signals.Send(process, Signal.Kill));
            if (end.StartsWith("books", StringComparison.Ordinal))
            {
                string[] books = [Path.Combine(layout.StorageFolder, "libpod", "bolt_state.db"), Path.Combine(layout.StorageFolder, "db.sql")]; // Podman 4's, and 5's.
                books.Count(File.Exists).ShouldBe(1);
                Array.ForEach(books, File.Delete);
            }
        }

        HostNetwork.TracesOf(Folder).ShouldContain(rule => rule.Contains("-j DNAT", StringComparison.Ordinal));
    }

    /// <summary>Podman is killed by what it calls to set up the network, as soon as that has been done and before podman writes it into its books.</summary>
    private async Task StartThatIsKilledAsync(string id)
    {
        var helper = folder.File("helpers/netavark");
        var real = ((string[])["/usr/lib/podman/netavark", "/usr/libexec/podman/netavark"]).First(File.Exists);
        Directory.CreateDirectory(Path.GetDirectoryName(helper)!);
        await File.WriteAllTextAsync(helper, $"#!/bin/sh\n{real} \"$@\" >/dev/null\nfor space; do :; done\necho \"$space\" >{helper}.space\nfor word; do [ \"$word\" != setup ] || kill -9 $PPID; done\n", Cancel);
        File.SetUnixFileMode(helper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var settings = await File.ReadAllTextAsync(layout.ContainersConf, Cancel);
        await File.WriteAllTextAsync(layout.ContainersConf, settings.Replace("[engine]", $"[engine]\nhelper_binaries_dir = [\"{Path.GetDirectoryName(helper)}\"]", StringComparison.Ordinal), Cancel);
        (await PodmanCommand.For(layout)!.RunAsync(["start", id], Cancel)).IsOk.ShouldBeFalse();
        await File.WriteAllTextAsync(layout.ContainersConf, settings, Cancel);
        Namespaces.Add((await File.ReadAllTextAsync(helper + ".space", Cancel)).Trim());
        Namespaces.ShouldAllBe(path => File.Exists(path));
    }
}
