using System.CommandLine;
using Harmony.Fleet.Cli.Completing;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet completion bash|zsh|fish</c>, and the hidden command that its scripts call.</summary>
internal static class CompletionCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CliHost host)
    {
        var command = new CliCommand(
            "completion",
            "Show the script that teaches a shell to complete command lines.",
            "completion bash > /etc/bash_completion.d/fleet",
            "completion zsh > ~/.zfunc/_fleet",
            "completion fish > ~/.config/fish/completions/fleet.fish");
        command.Subcommands.Add(Script(host, "bash", CompletionScripts.Bash));
        command.Subcommands.Add(Script(host, "zsh", CompletionScripts.Zsh));
        command.Subcommands.Add(Script(host, "fish", CompletionScripts.Fish));
        return command;
    }

    /// <summary>The hidden command.</summary>
    public static Command CreateHidden(CliHost host)
    {
        var line = new Argument<string>("LINE") { Description = "The command line up to the cursor." };
        var command = new Command("__complete", "Answer a shell.") { line };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var root = (RootCommand)parsed.RootCommandResult.Command;
            foreach (var candidate in LineCompleter.Complete(root, parsed.GetValue(line)!))
            {
                host.Console.Out.WriteLine(candidate);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static CliCommand Script(CliHost host, string shell, string script)
    {
        var example = shell == "fish" ? "completion fish | source" : $"completion {shell}";
        var command = new CliCommand(shell, $"The script for {shell}.", example);
        command.SetAction(_ =>
        {
            host.Console.Out.Write(script);
            return ExitCode.Done;
        });
        return command;
    }
}
