using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>The podman of one device of a data folder, for people: its storage, and nobody else's.</summary>
public sealed class DevicePodman(string dataFolder)
{
    /// <summary>What leads podman elsewhere, though it is told where its storage is.</summary>
    private static readonly string[] Elsewhere = ["CONTAINER_HOST", "CONTAINER_CONNECTION", "CONTAINERS_STORAGE_CONF", "STORAGE_DRIVER", "STORAGE_OPTS"];

    /// <summary>The devices that have one, whether the fleet runs or not; none where the folder is not a fleet's.</summary>
    public ImmutableArray<string> Devices() => new StackMark(dataFolder).Owner() is StackOwner.Fleet
        ? [.. StackLeftovers.PodmanFolders(dataFolder).Select(path => Path.GetFileName(Path.GetDirectoryName(path))!)]
        : [];

    /// <summary>Runs podman with <paramref name="arguments"/>, from the present folder and with this process's own streams. What cancels it asks it to end.</summary>
    /// <returns>Its exit code; or why it cannot be run.</returns>
    public async Task<Outcome<int>> RunAsync(DeviceId device, ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        var owner = new StackMark(dataFolder).Owner();
        if (owner is StackOwner.Unclear unclear)
        {
            return unclear.Why;
        }

        var folder = StackLeftovers.PodmanFolders(dataFolder).FirstOrDefault(path => Path.GetFileName(Path.GetDirectoryName(path)) == device.Value);
        if (owner is not StackOwner.Fleet || folder is null)
        {
            return new Fault(FaultKind.NotFound, $"no fleet of {dataFolder} has a device {device} with a podman of its own", "name the data folder with --data, and one of its devices: device-1 and so on");
        }

        return PodmanCommand.For(PodmanLayout.For(folder)) is { } podman
            ? await RunAsync(podman, arguments, cancellationToken)
            : Fault.Permanent($"the podman of {device} was never set up, or its folder was moved", "start the fleet first: fleet up");
    }

    private static async Task<Outcome<int>> RunAsync(PodmanCommand podman, ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(podman.Words[0], [.. podman.Words[1..], .. arguments]) { UseShellExecute = false };
        Array.ForEach(Elsewhere, name => start.Environment.Remove(name));
        foreach (var (name, value) in podman.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start) ?? throw new InvalidOperationException("podman was not started.");
            await using var ending = cancellationToken.Register(() => Signals.Send(process.Id, Signal.Terminate));
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        }
        catch (Win32Exception exception)
        {
            return Fault.Permanent($"podman cannot be run ({exception.Message.TrimEnd('.')})");
        }
    }
}
