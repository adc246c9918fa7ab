using System.CommandLine;
using Harmony.Fleet.Cli.Completing;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Cli.Waiting;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet wait deployment NAME</c>.</summary>
internal static class WaitCommand
{
    /// <summary>How long is waited where nothing is said.</summary>
    public static readonly TimeSpan StandardTimeout = TimeSpan.FromSeconds(60);

    private static readonly string[] Goals = ["converged", "deleted", "completed"];

    /// <summary>As kubectl calls it.</summary>
    private const string Delete = "delete";

    private static readonly string[] Examples =
        ["wait deployment hello --for=converged", "wait deployment hello --for=deleted --timeout 2m", "wait deployment job --for=completed"];

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var command = new CliCommand("wait", "Wait until a deployment has converged, has completed, or is gone.", Examples);
        command.Subcommands.Add(Deployment(host, global));
        return command;
    }

    /// <summary>The option <c>--timeout</c>.</summary>
    public static Option<TimeSpan> Timeout() => Duration.Option("--timeout", "How long to wait; then the exit code is 4.", StandardTimeout);

    /// <summary>Refuses <paramref name="timeout"/> where <paramref name="wait"/> is not there, which would wait for nothing.</summary>
    public static void TimeoutNeeds(Command command, Option<TimeSpan> timeout, Option<bool> wait) => command.Check(result =>
    {
        if (result.GetResult(timeout) is { Implicit: false } && !result.GetValue(wait))
        {
            result.AddError("--timeout says how long --wait waits: say --wait as well, or leave it out");
        }
    });

    private static CliCommand Deployment(CliHost host, GlobalOptions global)
    {
        var name = ResourceArguments.RequiredName("deployment", new ResourceNames(host, global).Deployments);
        var space = NamespaceOptions.Create();
        var timeout = Timeout();
        var goal = Goal();
        var command = new CliCommand(
            "deployment",
            "Wait for a deployment. converged: the operator has looked at its present generation, and every matched reachable device succeeded. deleted: it is gone, or made anew. completed: its containers were to end, and have ended well, on every such device.",
            Examples) { name, space, goal, timeout };
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, async client =>
        {
            var wanted = parsed.GetValue(goal);
            var waited = await new DeploymentWait(host, client).RunAsync(parsed.GetValue(space)!, parsed.GetValue(name)!, wanted, parsed.GetValue(timeout), cancellationToken);
            if (!waited.IsOk)
            {
                return host.Fail(waited.Fault);
            }

            host.Console.Out.WriteLine($"deployment {parsed.GetValue(space)}/{parsed.GetValue(name)} {Goals[(int)wanted]}");
            return ExitCode.Done;
        }));
        return command;
    }

    private static Option<WaitGoal> Goal()
    {
        var option = new Option<WaitGoal>("--for")
        {
            Description = "What to wait for: converged, deleted or completed.",
            HelpName = string.Join('|', Goals),
            Required = true,
            CustomParser = result =>
            {
                var index = result.Tokens[0].Value == Delete ? (int)WaitGoal.Deleted : Array.IndexOf(Goals, result.Tokens[0].Value);
                if (index < 0)
                {
                    result.AddError($"--for knows no '{result.Tokens[0].Value}': use {string.Join(", ", Goals.SkipLast(1))} or {Goals[^1]}");
                }

                return (WaitGoal)Math.Max(0, index);
            },
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add(Goals);
        return option;
    }
}
