using System.CommandLine;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.LoadTests;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.LoadTests;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet load-test</c>.</summary>
internal static class LoadTestCommand
{
    private const string Description =
        "Put a fleet under load: devices report at a rate, and every Deployment's counts must come out right. On a fleet of its own, which is removed afterwards. The exit code is 1 where a count is wrong.";

    private const int MostDevices = 200_000;
    private const int MostDeployments = 20_000;
    private const int MostWrites = 1_000_000;

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var devices = UpOptions.Number("--devices", "N", "How many devices. Default: 1000.", 2, MostDevices);
        var deployments = UpOptions.Number("--deployments", "N", "How many Deployments, about ten of which are meant for each device. Default: 100.", 2, MostDeployments);
        var rate = UpOptions.Number("--rate", "N", "How many reports a second; with real agents, how many containers a second end by themselves. Default: 1000, with real agents 10.", 1, MostWrites);
        var duration = Duration.Option("--duration", "For how long.", TimeSpan.FromSeconds(30));
        var agents = Agents();
        var present = new Option<bool>("--present") { Description = "Use the fleet that runs from the data folder: Deployments and devices named load-... are added to it, and removed afterwards. Asks first." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var output = OutputOption.Create(OutputFormat.Table, OutputFormat.Json);
        var command = new CliCommand("load-test", Description, "load-test", "load-test --devices 10000 --deployments 1000 --rate 10000 --duration 120s -o json")
        {
            devices, deployments, rate, duration, agents, present, yes, output,
        };
        command.Check(result =>
        {
            if (result.GetValue(present) && result.GetValue(agents) == LoadTestAgents.Real)
            {
                result.AddError("real agents need logins of their own: leave --present out, or say --agents states");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var wish = new LoadTestWish
            {
                Devices = parsed.GetValue(devices) ?? 1000,
                Deployments = parsed.GetValue(deployments) ?? 100,
                Rate = parsed.GetValue(rate) ?? (parsed.GetValue(agents) == LoadTestAgents.Real ? 10 : 1000),
                DurationSeconds = Math.Max(1, (int)parsed.GetValue(duration).TotalSeconds),
                Agents = parsed.GetValue(agents),
            };
            if (parsed.GetValue(present))
            {
                var folder = DataFolder.Locate(host, global.Data(parsed));
                if (!folder.IsOk)
                {
                    return host.Fail(folder.Fault);
                }

                if (!parsed.GetValue(yes) && await ConfirmAsync(host, wish, folder.Value, cancellationToken) is { } refusal)
                {
                    return host.Fail(refusal);
                }

                wish = wish with { DataFolder = folder.Value };
            }

            return await new LoadTestAction(host).RunAsync(wish, parsed.GetValue(output), cancellationToken);
        });
        return global.OfDataFolder(command);
    }

    private static Option<LoadTestAgents> Agents()
    {
        string[] names = ["states", "real"];
        var option = new Option<LoadTestAgents>("--agents")
        {
            Description = "states: reports alone, as agents write them, over a few connections. real: the agent's own code with a connection each, over containers in memory. Default: states.",
            HelpName = "states|real",
            CustomParser = result =>
            {
                var at = Array.IndexOf(names, result.Tokens[0].Value);
                if (at < 0)
                {
                    result.AddError($"--agents knows no '{result.Tokens[0].Value}': use states or real");
                }

                return at == 1 ? LoadTestAgents.Real : LoadTestAgents.States;
            },
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add(names);
        return option;
    }

    /// <summary>Asks the user; null where the answer is yes.</summary>
    private static Task<Fault?> ConfirmAsync(CliHost host, LoadTestWish wish, string folder, CancellationToken cancellationToken) => Confirmation.AskAsync(
        host,
        $"Load the fleet of {folder} with {wish.Devices} devices and {wish.Deployments} Deployments more, for {wish.DurationSeconds} s?",
        "say --yes to load the fleet without a question",
        "the fleet was not loaded",
        cancellationToken);
}
