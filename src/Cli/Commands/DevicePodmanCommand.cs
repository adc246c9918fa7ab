using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet podman DEVICE ARGS...</c>.</summary>
internal static class DevicePodmanCommand
{
    private const string Name = "podman";

    private const string Description = "Call the podman of one device of a fleet on this machine: each has its own, with its own images and containers. All that follows the device is podman's.";

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var device = new Argument<string>("DEVICE") { HelpName = "DEVICE", Description = "The device, for example device-1." };
        device.CompletionSources.Add(context => Devices(host, global, context));
        var arguments = new Argument<string[]>("ARGS") { Description = "What podman is told.", Arity = ArgumentArity.ZeroOrMore };
        var command = new CliCommand(Name, Description, "podman device-1 images", "podman device-1 load -i image.tar", "podman device-1 ps --all") { device, arguments };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = DataFolder.Locate(host, global.Data(parsed));
            if (!folder.IsOk)
            {
                return host.Fail(folder.Fault);
            }

            if (!DeviceId.TryParse(parsed.GetValue(device), out var id))
            {
                return host.Fail(Fault.Invalid($"'{parsed.GetValue(device)}' is no name of a device", "name one of this fleet: device-1 and so on"));
            }

            if (new StackMark(folder.Value).Owner() is not (StackOwner.Fleet or StackOwner.Unclear))
            {
                return host.Fail(RunningFleet.None(folder.Value, host.Line("up")));
            }

            // Podman hears a Ctrl-C of its own, and ends as it sees fit.
            host.Interruption.MustClearUp = true;
            var ended = await new DevicePodman(folder.Value).RunAsync(id, [.. parsed.GetValue(arguments) ?? []], cancellationToken);
            return ended.IsOk ? ended.Value : host.Fail(DeployHints.Of(host, ended.Fault));
        });
        return global.OfDataFolder(command);
    }

    /// <summary>Completes the device; what follows it is podman's.</summary>
    private static IEnumerable<CompletionItem> Devices(CliHost host, GlobalOptions global, CompletionContext context)
    {
        var words = context.ParseResult.CommandResult.Children.OfType<ArgumentResult>().Sum(argument => argument.Tokens.Count);
        return words > (context.WordToComplete.Length > 0 ? 1 : 0) || !(DataFolder.Locate(host, global.Data(context.ParseResult)) is { IsOk: true, Value: { } folder })
            ? []
            : new DevicePodman(folder).Devices().Select(name => new CompletionItem(name));
    }

    /// <summary><paramref name="words"/> of a command line, where what follows the device cannot be taken for options of ours.</summary>
    public static IReadOnlyList<string> Separated(IReadOnlyList<string> words, GlobalOptions global)
    {
        if (words is not [Name, ..] || words.Contains("--"))
        {
            return words;
        }

        var at = 1;
        while (at < words.Count && words[at].StartsWith('-'))
        {
            at += global.TakesWord(words[at]) ? 2 : 1;
        }

        return at >= words.Count ? words : [.. words.Take(at + 1), "--", .. words.Skip(at + 1)];
    }
}
