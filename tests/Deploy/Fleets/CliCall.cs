using System.Diagnostics;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>A call of the real command line, in a process of its own.</summary>
internal sealed class CliCall : IDisposable
{
    private const int SigInt = 2;

    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> errors;

    private CliCall(Process process)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync();
        errors = process.StandardError.ReadToEndAsync();
    }

    public static string Program => RepositoryRoot.File("artifacts/bin/Harmony.Fleet.Cli/release/Harmony.Fleet.Cli");

    /// <summary>Begins a call.</summary>
    public static Task<CliCall> BeginAsync(params string[] arguments) => BeginAsync([], arguments);

    /// <summary>Begins a call with more in its environment.</summary>
    public static async Task<CliCall> BeginAsync((string Name, string Value)[] environment, string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment.Prepend(("NO_COLOR", "1")))
        {
            start.Environment[name] = value;
        }

        return new CliCall(await Spawner.StartAsync(start));
    }

    /// <summary>Makes a call, and waits for its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var call = await BeginAsync(arguments);
        return await call.EndAsync();
    }

    /// <summary>Ctrl-C; nothing where it has ended already, as an impatient second one may find.</summary>
    public void Interrupt() => (Signals.Send(process.Id, (Signal)SigInt) || process.HasExited).ShouldBeTrue();

    /// <summary>Waits for its end.</summary>
    public async Task<(int Code, string Output, string Errors)> EndAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
