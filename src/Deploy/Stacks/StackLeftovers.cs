using System.Collections.Immutable;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>A process of a stack whose own process is gone.</summary>
/// <param name="Name">What people call it: <c>operator</c>, <c>device-1</c>, <c>device-1 podman</c>, or a container's name.</param>
/// <param name="Process">Which it is; of a container: what watches over it.</param>
/// <param name="IsContainer">Whether it is a container.</param>
public sealed record LeftProcess(string Name, ProcessIdentity Process, bool IsContainer);

/// <summary>What a stack left running that was killed, told by the files of the data folder that each process was started with.</summary>
public sealed class StackLeftovers(string dataFolder, TimeProvider time)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Finds them. Only right where nobody runs the stack from the folder.</summary>
    public ImmutableArray<LeftProcess> Find() => [.. Named().Where(process => FleetProcess.Above(process.Process) is null)];

    /// <summary>Why no stack may be started: one that was started in the folder runs on, and somebody moved the folder, or removed it. Null where that is not so.</summary>
    public Fault? Conflict() =>
        Named().Select(process => FleetProcess.Above(process.Process)).FirstOrDefault(above => above is not null && above.Folder != dataFolder) is not { } other ? null
        : other.Folder is { } moved ? Conflict(other, $"was moved to {moved}", $"move the folder back to {dataFolder}, and end it there")
        : Conflict(other, "was removed", $"end it with kill {other.Process.Pid}, then try again");

    private Fault Conflict(FleetProcess other, string how, string advice) =>
        new(FaultKind.Conflict, $"process {other.Process.Pid} runs the fleet that was started in {dataFolder}, which {how} since", advice);

    private ImmutableArray<LeftProcess> Named()
    {
        var devices = PodmanFolders(dataFolder).Select(folder => (Device: Path.GetFileName(Path.GetDirectoryName(folder))!, Layout: PodmanLayout.For(folder))).ToList();
        var sockets = devices.ToDictionary(device => $"unix://{device.Layout.SocketPath}", device => device.Device, StringComparer.Ordinal);
        var storages = devices.Select(device => device.Layout.StorageFolder).ToHashSet(StringComparer.Ordinal);
        return [.. ProcessTable.All().Where(process => !process.Words.IsEmpty && IsOwn(process.Identity)).Select(process => Left(process, sockets, storages)).OfType<LeftProcess>()];
    }

    /// <summary>Ends what is no container.</summary>
    public async Task EndAsync()
    {
        ImmutableArray<ProcessIdentity> left = [.. Find().Where(process => !process.IsContainer).Select(process => process.Process)];
        foreach (var process in left)
        {
            Signals.Send(process.Pid, Signal.Terminate);
            Signals.Send(process.Pid, Signal.Continue);
        }

        for (var began = time.GetTimestamp(); left.Any(process => process.IsAlive) && time.GetElapsedTime(began) < Grace + Grace; await Task.Delay(Poll, time, CancellationToken.None))
        {
            foreach (var process in left.Where(process => process.IsAlive && time.GetElapsedTime(began) > Grace))
            {
                Signals.Send(process.Pid, Signal.Kill);
            }
        }
    }

    /// <summary>The folders of the podmans of a data folder's devices. No link is followed.</summary>
    internal static string[] PodmanFolders(string dataFolder)
    {
        var devices = Path.Combine(dataFolder, StackPaths.Devices);
        return !IsFolder(devices) ? [] : [.. Directory.GetDirectories(devices).Where(IsFolder).Select(device => Path.Combine(device, "podman")).Where(IsFolder)];
    }

    private static bool IsFolder(string path) => FileEntry.At(path).Kind == FileKind.Folder;

    /// <summary>Whoever may start a process may give it any words.</summary>
    private static bool IsOwn(ProcessIdentity process) => FileEntry.At($"/proc/{process.Pid}") is { Kind: FileKind.Folder } entry && entry.Owner == FileEntry.Self;

    private LeftProcess? Left(RunningProcess process, Dictionary<string, string> sockets, HashSet<string> storages)
    {
        var words = process.Words;
        if (Path.GetFileName(words[0]) == "conmon")
        {
            return words.Any(word => IsIn(word, storages)) ? new LeftProcess(After(words, "-n") ?? "a container", process.Identity, IsContainer: true) : null;
        }

        var name = words.FirstOrDefault(sockets.ContainsKey) is { } socket ? $"{sockets[socket]} podman" : After(words, "--config") is { } config ? Program(config) : null;
        return name is null ? null : new LeftProcess(name, process.Identity, IsContainer: false);
    }

    private string? Program(string config) => !config.StartsWith(dataFolder + "/", StringComparison.Ordinal) ? null : config[(dataFolder.Length + 1)..].Split('/') switch
    {
        [StackPaths.Devices, var device, _] => device,
        [var part and ("nats" or "operator"), _] => part,
        ["nats", var node, _] => node.Replace("node", "nats", StringComparison.Ordinal),
        _ => null,
    };

    private static string? After(ImmutableArray<string> words, string option) => words.IndexOf(option) is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : null;

    private static bool IsIn(string path, HashSet<string> folders)
    {
        for (var at = path.StartsWith('/') ? Path.GetDirectoryName(path) : null; at is not null; at = Path.GetDirectoryName(at))
        {
            if (folders.Contains(at))
            {
                return true;
            }
        }

        return false;
    }
}
