using System.CommandLine;
using Harmony.Fleet.Cli.Completing;
using Harmony.Fleet.Cli.Describing;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet describe deployment|device NAME</c>.</summary>
internal static class DescribeCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var command = new CliCommand("describe", "Tell all that is known of a deployment or a device.", "describe deployment hello", "describe device pi-1");
        command.Subcommands.Add(Deployment(host, global));
        command.Subcommands.Add(Device(host, global));
        return command;
    }

    private static CliCommand Deployment(CliHost host, GlobalOptions global)
    {
        var name = ResourceArguments.RequiredName("deployment", new ResourceNames(host, global).Deployments);
        var space = NamespaceOptions.Create();
        var command = new CliCommand("deployment", "Its selector, containers, counts, conditions, and how it stands on each device.", "describe deployment hello") { name, space };
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, client =>
            new DeploymentDescription(host, client).RunAsync(parsed.GetValue(space)!, parsed.GetValue(name)!, cancellationToken)));
        return command;
    }

    private static CliCommand Device(CliHost host, GlobalOptions global)
    {
        var name = ResourceArguments.RequiredName("device", new ResourceNames(host, global).Devices);
        var command = new CliCommand("device", "Its labels, inventory, conditions, manifest and deployments.", "describe device pi-1") { name };
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, client =>
            new DeviceDescription(host, client).RunAsync(parsed.GetValue(name)!, cancellationToken)));
        return command;
    }
}
