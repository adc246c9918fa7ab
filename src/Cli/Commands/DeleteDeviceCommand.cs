using System.CommandLine;
using Harmony.Fleet.Cli.Completing;
using Harmony.Fleet.Cli.Devices;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Cli.Waiting;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet delete device NAME</c>.</summary>
internal static class DeleteDeviceCommand
{
    /// <summary>The command.</summary>
    public static CliCommand Create(CliHost host, GlobalOptions global)
    {
        var name = ResourceArguments.RequiredName("device", new ResourceNames(host, global).Devices);
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var wait = new Option<bool>("--wait") { Description = "Wait until it is gone." };
        var timeout = WaitCommand.Timeout();
        var command = new CliCommand(
            "device",
            "Delete a device: it leaves all deployments, and nothing of it stays in the control plane. Containers stay on it. Where its agent runs, the device makes itself known again.",
            "delete device pi-1",
            "delete device pi-1 --yes --wait") { name, yes, wait, timeout };
        WaitCommand.TimeoutNeeds(command, timeout, wait);
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, async client =>
        {
            var which = parsed.GetValue(name)!;
            if (!parsed.GetValue(yes) && await new DeviceDeletion(host, client).ConfirmAsync(which, cancellationToken) is { } refusal)
            {
                return host.Fail(refusal);
            }

            if (await DeleteAsync(host, client, which, parsed.GetValue(wait) ? parsed.GetValue(timeout) : null, cancellationToken) is { } fault)
            {
                return host.Fail(fault);
            }

            host.Console.Out.WriteLine($"device {which} deleted");
            return ExitCode.Done;
        }));
        return command;
    }

    private static async Task<Fault?> DeleteAsync(CliHost host, FleetClient client, string name, TimeSpan? wait, CancellationToken cancellationToken)
    {
        var answer = await client.DeleteAsync(ResourceTypes.Devices, null, name, cancellationToken);
        if (wait is not { } timeout || !answer.IsOk)
        {
            return answer.Fault;
        }

        var deleted = client.Parse(ResourceTypes.Devices.Json, answer);
        return deleted.IsOk ? await new DeviceWait(host, client).RunAsync(name, deleted.Value.Metadata.Uid, timeout, cancellationToken) : deleted.Fault;
    }
}
