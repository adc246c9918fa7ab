using System.ComponentModel;
using System.Diagnostics;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.Machines;

/// <summary>Runs a script of <c>eng/</c>, which sets up a program where it is missing and prints its path.</summary>
internal static class SetupScript
{
    private const int MaxLineLength = 300;

    /// <summary>Runs <paramref name="script"/>, which prints the path of what it set up.</summary>
    public static async Task<Outcome<string>> PathAsync(string script, string? argument, Action<string> say, CancellationToken cancellationToken)
    {
        var output = await RunAsync(script, argument, say, cancellationToken);
        return !output.IsOk || File.Exists(output.Value)
            ? output
            : Fault.Permanent($"{Path.GetFileName(script)} named no program", $"run {script} by hand to see all that it says");
    }

    /// <summary>Runs a script to its end; its progress lines go to <paramref name="say"/>.</summary>
    /// <returns>The last line that it printed.</returns>
    private static async Task<Outcome<string>> RunAsync(string script, string? argument, Action<string> say, CancellationToken cancellationToken)
    {
        // In a session of its own: the terminal's Ctrl-C comes to us, and we end the whole of it.
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(script);
        if (argument is not null)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var process = Process.Start(start) ?? throw new InvalidOperationException($"{script} was not started.");
            process.StandardInput.Close();
            return await FinishAsync(process, script, say, cancellationToken);
        }
        catch (Win32Exception exception)
        {
            return Fault.Permanent($"{script} cannot be run ({exception.Message})", "check that it is there and executable");
        }
    }

    private static async Task<Outcome<string>> FinishAsync(Process process, string script, Action<string> say, CancellationToken cancellationToken)
    {
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var last = string.Empty;
            while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
            {
                last = line.Length > MaxLineLength ? line[..MaxLineLength] : line;
                say(last);
            }

            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? (await output).Trim().Split('\n')[^1]
                : Fault.Permanent($"{Path.GetFileName(script)} did not succeed ({last.TrimEnd('.')})", $"run {script} by hand to see all that it says");
        }
        catch (OperationCanceledException)
        {
            Signals.SendToGroup(process.Id, Signal.Terminate);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Signals.SendToGroup(process.Id, Signal.Kill);
            throw;
        }
    }
}
