using System.CommandLine;
using Harmony.Fleet.Cli.Completing;
using Harmony.Fleet.Cli.Devices;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet delete device NAME</c>.</summary>
internal static class DeleteDeviceCommand
{
    /// <summary>The command.</summary>
    public static CliCommand Create(CliHost host, GlobalOptions global)
    {
        var name = ResourceArguments.RequiredName("device", new ResourceNames(host, global).Devices);
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new CliCommand(
            "device",
            "Delete a device: it leaves all deployments, and nothing of it stays in the control plane. Containers stay on it. Where its agent runs, the device makes itself known again.",
            "delete device pi-1",
            "delete device pi-1 --yes") { name, yes };
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, async client =>
        {
            var which = parsed.GetValue(name)!;
            if (!parsed.GetValue(yes) && await new DeviceDeletion(host, client).ConfirmAsync(which, cancellationToken) is { } refusal)
            {
                return host.Fail(refusal);
            }

            var deleted = await client.DeleteAsync(ResourceTypes.Devices, null, which, cancellationToken);
            if (!deleted.IsOk)
            {
                return host.Fail(deleted.Fault);
            }

            host.Console.Out.WriteLine($"device {which} deleted");
            return ExitCode.Done;
        }));
        return command;
    }
}
