using System.CommandLine;
using System.CommandLine.Help;
using Harmony.Fleet.Cli.Commands;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;

namespace Harmony.Fleet.Cli;

/// <summary>All commands. A command's own dependencies are made when it runs: the tree itself holds names and options only.</summary>
internal static class CommandTree
{
    private const string Description = "Runs containers on a fleet of devices: say what should run where, and the fleet converges to it.";

    /// <summary>The tree for <paramref name="host"/>.</summary>
    public static RootCommand Create(CliHost host, GlobalOptions global)
    {
        var root = new RootCommand(Description);
        foreach (var command in Commands(host, global))
        {
            root.Subcommands.Add(command);
        }

        foreach (var option in global.All)
        {
            root.Options.Add(option);
        }

        // Instead of the standard one, which also answers to /h and /?.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        var help = new HelpOption("--help", "-h");
        help.Action = new ExamplesHelpAction((HelpAction)help.Action!, host.Program, host.Console.OutSize().Columns) { IsOfSourceTree = host.IsLaunched };
        root.Options.Add(help);
        return root;
    }

    private static IEnumerable<Command> Commands(CliHost host, GlobalOptions global) =>
    [
        DemoCommand.Create(host, global),
        UpCommand.Create(host, global),
        DownCommand.Create(host, global),
        StatusCommand.Create(host, global),
        DevicePodmanCommand.Create(host, global),
        LoadTestCommand.Create(host, global),
        ApplyCommand.Create(host, global),
        DeleteCommand.Create(host, global),
        ApproveCommand.Create(host, global),
        GetCommand.Create(host, global),
        DescribeCommand.Create(host, global),
        WaitCommand.Create(host, global),
        LabelCommand.Create(host, global),
        PingCommand.Create(host, global),
        LogsCommand.Create(host, global),
        DesiredCommand.Create(host, global),
        KvCommand.Create(host, global),
        RecoverCommand.Create(host, global),
        BackupCommand.Create(host, global),
        RestoreCommand.Create(host, global),
        CompletionCommand.Create(host),
        CompletionCommand.CreateHidden(host),
        VersionCommand.Create(host),
    ];
}
