using System.CommandLine;
using Harmony.Fleet.Cli.Completing;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Cli.Waiting;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet delete deployment NAME</c>.</summary>
internal static class DeleteCommand
{
    private static readonly string[] Examples = ["delete deployment hello", "delete deployment hello --yes --wait"];

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var command = new CliCommand("delete", "Delete a deployment: its containers are removed from all devices.", Examples);
        command.Subcommands.Add(Deployment(host, global));
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
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (from, which) = (parsed.GetValue(space)!, parsed.GetValue(name)!);
            return parsed.GetValue(yes) || await ConfirmAsync(host, $"{from}/{which}", cancellationToken) is not { } refusal
                ? await new ServerSession(host, global, cancellationToken).RunAsync(parsed, client => DeleteAsync(host, client, from, which, parsed.GetValue(wait) ? parsed.GetValue(timeout) : null, cancellationToken))
                : host.Fail(refusal);
        });
        return command;
    }

    /// <summary>Asks the user; null where the answer is yes.</summary>
    private static async Task<Fault?> ConfirmAsync(CliHost host, string title, CancellationToken cancellationToken)
    {
        if (!host.Console.IsInTerminal)
        {
            return Fault.Invalid("there is no terminal to ask on", "say --yes to delete it without a question");
        }

        host.Console.Error.Write($"Delete deployment {title} and its containers on all devices? [y/N] ");
        var answer = await host.Console.ReadLineAsync(cancellationToken);
        if (answer is null)
        {
            host.Console.EndLine();
        }

        return answer?.Trim().ToLowerInvariant() is "y" or "yes" ? null : Fault.Permanent($"deployment {title} was not deleted");
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
