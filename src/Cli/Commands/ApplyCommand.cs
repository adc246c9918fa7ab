using System.CommandLine;
using Harmony.Fleet.Cli.Applying;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet apply</c>.</summary>
internal static class ApplyCommand
{
    private static readonly string[] Examples =
    [
        "apply --name hello --image docker.io/library/nginx:1.27 --port 8080:80 --selector site=lyon",
        "apply --name hello --image localhost/hello-web:2 --all-devices --env MODE=demo --volume data:/var/lib/data --wait",
        "apply --name job --image docker.io/library/busybox:1.36 --selector 'tier in (edge,core)' --command sh --arg=-c --arg 'echo done' --restart never",
        "apply -f hello.yaml",
        "apply -f deployments/ --wait --timeout 2m",
        "apply --name hello --image docker.io/library/nginx:1.27 --all-devices --print",
    ];

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var flags = new ApplyFlags();
        var files = new Option<string[]>("--file", "-f") { Description = "Apply the resources of a YAML or JSON file, of a folder, or of stdin (-).", HelpName = "FILE" };
        var space = NamespaceOptions.Create();
        var print = new Option<bool>("--print") { Description = "Show the resource as JSON, and send nothing." };
        var wait = new Option<bool>("--wait") { Description = "Wait until what was applied has converged." };
        var timeout = WaitCommand.Timeout();
        var command = new CliCommand("apply", "Create or change deployments: from typed flags, or from files.", Examples) { space, files };
        flags.All.ToList().ForEach(command.Options.Add);
        command.Options.Add(print);
        command.Options.Add(wait);
        command.Options.Add(timeout);
        WaitCommand.TimeoutNeeds(command, timeout, wait);
        command.SetAction((parsed, cancellationToken) =>
        {
            var request = new ApplyRequest
            {
                Files = [.. parsed.GetValue(files) ?? []],
                Flags = flags.IsUsed(parsed) ? flags.Read(parsed, parsed.GetValue(space)!) : null,
                AllDevices = flags.AllDevices(parsed),
                Namespace = parsed.GetResult(space) is { Implicit: false } ? parsed.GetValue(space) : null,
                Print = parsed.GetValue(print),
                Wait = parsed.GetValue(wait) ? parsed.GetValue(timeout) : null,
            };
            return new ApplyAction(host, new ServerSession(host, global, cancellationToken)).RunAsync(request, parsed, cancellationToken);
        });
        return command;
    }
}
