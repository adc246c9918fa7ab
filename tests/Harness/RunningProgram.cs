using System.Diagnostics;
using System.Text;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>A real process and what it writes. Disposing ends it, and so does the end of the test process, however that comes.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    private readonly StringBuilder output = new();
    private readonly Process process;

    private RunningProgram(Process process)
    {
        this.process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>All that it wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Starts a program with its arguments.</summary>
    public static async Task<RunningProgram> StartAsync(params string[] command) => new(await Spawner.StartAsync(
        new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", .. command]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true }));

    /// <summary>Sends a signal and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(string signal = "TERM")
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        return await EndAsync();
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (output)
        {
            output.AppendLine(line.Data);
        }
    }
}
