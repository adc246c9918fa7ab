using System.CommandLine;
using Harmony.Fleet.Cli.Completing;
using Harmony.Fleet.Cli.Devices;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet label device D k=v k-</c>.</summary>
internal static class LabelCommand
{
    private static readonly string[] Examples = ["label device pi-1 site=lyon tier=edge", "label device pi-1 tier-"];

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var command = new CliCommand("label", "Set or remove labels of a device.", Examples);
        command.Subcommands.Add(Device(host, global));
        return command;
    }

    private static CliCommand Device(CliHost host, GlobalOptions global)
    {
        var device = ResourceArguments.RequiredName("device", new ResourceNames(host, global).Devices, "DEVICE");
        var changes = new Argument<LabelChange[]>("LABELS")
        {
            Description = "key=value to set a label, key- to remove it.",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result =>
            {
                var parsed = result.Tokens.Select(token => LabelChange.Parse(token.Value)).ToList();
                parsed.Where(change => !change.IsOk).ToList().ForEach(change => result.AddError(change.Fault!.ToString()));
                LabelChange[] changes = [.. parsed.Where(change => change.IsOk).Select(change => change.Value!)];
                foreach (var twice in changes.CountBy(change => change.Key).Where(times => times.Value > 1))
                {
                    result.AddError($"the label '{twice.Key}' is given {twice.Value} times: say once what it shall be");
                }

                return changes;
            },
        };
        var command = new CliCommand("device", "Set or remove the administrator's labels of a device. They win over those that the device reports.", Examples) { device, changes };
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, async client =>
        {
            var labelled = await new DeviceLabeller(host, client).ApplyAsync(parsed.GetValue(device)!, parsed.GetValue(changes)!, cancellationToken);
            if (!labelled.IsOk)
            {
                return host.Fail(labelled.Fault);
            }

            host.Console.Out.WriteLine($"device {parsed.GetValue(device)} {(labelled.Value ? "labelled" : "unchanged")}");
            return ExitCode.Done;
        }));
        return command;
    }
}
