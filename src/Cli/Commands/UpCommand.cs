using System.CommandLine;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Recovering;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet up</c>.</summary>
internal static class UpCommand
{
    private const string Description =
        "Start a fleet on this machine: NATS, the operator, and virtual devices. Stays in the foreground until Ctrl-C; run again beside it, it adds devices.";

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var options = new UpOptions();
        var detach = new Option<bool>("--detach", "-d") { Description = "Return when the fleet is up, and leave it in the background; fleet down ends it." };
        var command = new CliCommand("up", Description, "up", "up --devices 3 --detach", "up --data /tmp/other --api-port 8080", "up --nats-nodes 3 --detach", "up --prometheus --otlp-endpoint http://127.0.0.1:4317") { detach };
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        options.RefuseEqualPorts(command);
        options.RefuseProtocolAlone(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var request = options.Read(host, global, parsed);
            return request.IsOk
                ? await new UpAction(host, (up, stop) => LossNote.SayAsync(host, up.DataFolder, up.DataFlag, stop)).RunAsync(request.Value, parsed.GetValue(detach), cancellationToken)
                : host.Fail(request.Fault);
        });
        return global.OfDataFolder(command);
    }
}
