using System.CommandLine;
using Harmony.Fleet.Cli.Approving;
using Harmony.Fleet.Cli.Completing;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet approve deployment NAME</c>.</summary>
internal static class ApproveCommand
{
    private static readonly string[] Examples = ["approve deployment hello", "approve deployment hello --yes"];

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var command = new CliCommand("approve", "Approve that a deployment is removed from many devices.", Examples);
        command.Subcommands.Add(Deployment(host, global));
        return command;
    }

    private static CliCommand Deployment(CliHost host, GlobalOptions global)
    {
        var name = ResourceArguments.RequiredName("deployment", new ResourceNames(host, global).Deployments);
        var space = NamespaceOptions.Create();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new CliCommand("deployment", "Approve the removal that is held of a deployment (condition RemovalHeld).", Examples) { name, space, yes };
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(
            parsed, client => new RemovalApproval(host, client).RunAsync(parsed.GetValue(space)!, parsed.GetValue(name)!, parsed.GetValue(yes), cancellationToken)));
        return command;
    }
}
