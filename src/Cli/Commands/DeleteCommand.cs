using System.CommandLine;
using Harmony.Fleet.Cli.Completing;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Cli.Waiting;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet delete</c>, and <c>fleet delete deployment NAME</c>.</summary>
internal static class DeleteCommand
{
    private static readonly string[] Examples = ["delete deployment hello", "delete deployment hello --yes --wait"];

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var command = new CliCommand("delete", "Delete a deployment or a device.", [.. Examples, "delete device pi-1"]);
        command.Subcommands.Add(Deployment(host, global));
        command.Subcommands.Add(DeleteDeviceCommand.Create(host, global));
        return command;
    }

    private static CliCommand Deployment(CliHost host, GlobalOptions global)
    {
        var name = ResourceArguments.RequiredName("deployment", new ResourceNames(host, global).Deployments);
        var space = NamespaceOptions.Create();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var wait = new Option<bool>("--wait") { Description = "Wait until it is gone." };
        var timeout = WaitCommand.Timeout();
        var command = new CliCommand("deployment", "Delete a deployment. Devices that are away remove its containers when they are back.", Examples) { name, space, yes, wait, timeout };
        WaitCommand.TimeoutNeeds(command, timeout, wait);
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, async client =>
        {
            var (from, which) = (parsed.GetValue(space)!, parsed.GetValue(name)!);
            return parsed.GetValue(yes) || await ConfirmAsync(host, client, from, which, cancellationToken) is not { } refusal
                ? await DeleteAsync(host, client, from, which, parsed.GetValue(wait) ? parsed.GetValue(timeout) : null, cancellationToken)
                : host.Fail(refusal);
        }));
        return command;
    }

    private static async Task<Fault?> ConfirmAsync(CliHost host, FleetClient client, string space, string name, CancellationToken cancellationToken)
    {
        if (!host.Console.IsInTerminal)
        {
            return Confirmation.NobodyToAsk(Confirmation.OfDeletion);
        }

        var present = await client.GetAsync(ResourceTypes.Deployments, space, name, cancellationToken);
        if (!present.IsOk)
        {
            return present.Fault;
        }

        var devices = present.Value.Resource.Status is { } status ? status.Aggregate.MatchedDeviceCount + status.RemovalHeldCount : 0;
        return await Confirmation.AskAsync(
            host,
            $"Delete deployment {space}/{name} and its containers on {(devices == 0 ? "all devices" : CountText.Of(devices, "device"))}?",
            Confirmation.OfDeletion,
            $"deployment {space}/{name} was not deleted",
            cancellationToken);
    }

    private static async Task<int> DeleteAsync(CliHost host, FleetClient client, string space, string name, TimeSpan? wait, CancellationToken cancellationToken)
    {
        var deleted = await client.DeleteAsync(ResourceTypes.Deployments, space, name, cancellationToken);
        if (!deleted.IsOk)
        {
            return host.Fail(deleted.Fault);
        }

        if (wait is { } timeout)
        {
            var waited = await new DeploymentWait(host, client).RunAsync(space, name, WaitGoal.Deleted, timeout, cancellationToken);
            if (!waited.IsOk)
            {
                return host.Fail(waited.Fault);
            }
        }

        host.Console.Out.WriteLine($"deployment {space}/{name} deleted");
        return ExitCode.Done;
    }
}
