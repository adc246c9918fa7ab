using System.CommandLine;
using System.Globalization;
using Harmony.Fleet.Cli.Completing;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Logs;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Server;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet logs DEPLOYMENT</c>.</summary>
internal static class LogsCommand
{
    private const int MaxTail = 10_000;

    private static readonly string[] Examples = ["logs hello", "logs hello --device pi-1 --tail 20", "logs hello -f"];

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var name = ResourceArguments.RequiredName("deployment", new ResourceNames(host, global).Deployments, "DEPLOYMENT");
        var space = NamespaceOptions.Create();
        var devices = new Option<string[]>("--device") { Description = "Of this device only. Repeatable. Default: the devices that the deployment matches.", HelpName = "DEVICE" };
        devices.CompletionSources.Add(new ResourceNames(host, global).Devices);
        var container = new Option<string?>("--container") { Description = "Which container. Default: the only, or the first one.", HelpName = "NAME" };
        var tail = Tail();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with new lines until Ctrl-C." };
        var command = new CliCommand("logs", "Show what a deployment's containers write, its stdout and stderr.", Examples) { name, space, devices, container, tail, follow };
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, client =>
        {
            var query = new LogQuery(parsed.GetValue(space)!, parsed.GetValue(name)!, parsed.GetValue(container), parsed.GetValue(tail), parsed.GetValue(follow));
            var request = new LogRequest([.. (parsed.GetValue(devices) ?? []).Distinct(StringComparer.Ordinal)], query);
            var reader = new LogReader(host, client);
            return query.Follow ? host.FollowAsync(stop => reader.RunAsync(request, stop), cancellationToken) : reader.RunAsync(request, cancellationToken);
        }));
        return command;
    }

    private static Option<int?> Tail() => new("--tail")
    {
        Description = $"How many of the last lines, up to {MaxTail}. Default: 100.",
        HelpName = "N",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var lines) && lines is >= 1 and <= MaxTail)
            {
                return lines;
            }

            result.AddError($"--tail '{result.Tokens[0].Value}' is no number of lines: use 1 to {MaxTail}");
            return null;
        },
    };
}
