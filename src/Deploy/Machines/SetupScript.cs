using System.ComponentModel;
using System.Text;
using CliWrap;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.Machines;

/// <summary>Runs a script of <c>eng/</c>, which sets up a program where it is missing and prints its path.</summary>
internal static class SetupScript
{
    private const int MaxLineLength = 300;

    /// <summary>How a script's error begins.</summary>
    private const string Mark = "error: ";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Runs <paramref name="script"/>, which prints the path of what it set up; its progress lines go to <paramref name="say"/>.</summary>
    /// <returns>The path.</returns>
    public static async Task<Outcome<string>> PathAsync(string script, string? argument, Action<string> say, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        var last = string.Empty;

        // In a session of its own: the terminal's Ctrl-C comes to us, and we end the whole of it.
        var command = Cli.Wrap("setsid")
            .WithArguments(argument is null ? [script] : [script, argument])
            .WithWorkingDirectory("/")
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output))
            .WithStandardErrorPipe(PipeTarget.ToDelegate(line => say(last = line.Length > MaxLineLength ? line[..MaxLineLength] : line)));
        try
        {
            var ended = await FinishAsync(command, cancellationToken);
            return ended.IsSuccess
                ? Named(script, output.ToString().Trim().Split('\n')[^1])
                : Fault.Permanent($"{Path.GetFileName(script)} did not succeed ({Why(last)})", ByHand(script));
        }
        catch (Win32Exception exception)
        {
            return Fault.Permanent($"{script} cannot be run ({exception.Message})", "check that it is there and executable");
        }
    }

    private static async Task<CommandResult> FinishAsync(Command command, CancellationToken cancellationToken)
    {
        var running = command.ExecuteAsync(CancellationToken.None);
        try
        {
            return await running.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Signals.SendToGroup(running.ProcessId, Signal.Terminate);
            using var patience = new CancellationTokenSource(Grace);
            await ((Task)running.Task).WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Signals.SendToGroup(running.ProcessId, Signal.Kill);
            throw;
        }
    }

    private static string Why(string last) => (last.StartsWith(Mark, StringComparison.Ordinal) ? last[Mark.Length..] : last).TrimEnd('.');

    private static Outcome<string> Named(string script, string path) =>
        File.Exists(path) ? path : Fault.Permanent($"{Path.GetFileName(script)} named no program", ByHand(script));

    private static string ByHand(string script) => $"run {script} by hand to see all that it says";
}
