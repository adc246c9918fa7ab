using System.Diagnostics;
using System.Text;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>A call of the real command line, in a process of its own.</summary>
internal sealed class CliCall : IDisposable
{
    /// <summary>Ctrl-C's signal.</summary>
    public const int SigInt = 2;

    /// <summary>What asks a program to end.</summary>
    public const int SigTerm = 15;

    private readonly Process process;
    private readonly StringBuilder said = new();
    private readonly Task<string> output;
    private readonly Task errors;

    private CliCall(Process process)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync();
        errors = ListenAsync();
    }

    public static string Program => FleetPrograms.PathOf("Harmony.Fleet.Cli");

    /// <summary>The number of its process.</summary>
    public int Id => process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>What it wrote to stderr so far.</summary>
    public string Said
    {
        get
        {
            lock (said)
            {
                return said.ToString();
            }
        }
    }

    /// <summary>Begins a call.</summary>
    public static Task<CliCall> BeginAsync(params string[] arguments) => BeginAsync([], arguments);

    /// <summary>Begins a call with more in its environment.</summary>
    public static Task<CliCall> BeginAsync((string Name, string Value)[] environment, string[] arguments) => BeginAsync(environment, Program, arguments);

    /// <summary>Begins a call of a program that becomes the command line.</summary>
    public static async Task<CliCall> BeginAsync((string Name, string Value)[] environment, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
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
    public void Interrupt() => Signal(SigInt);

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal) => (Signals.Send(process.Id, (Signal)signal) || process.HasExited).ShouldBeTrue();

    /// <summary>Waits until it says <paramref name="words"/> on stderr.</summary>
    public Task SaysAsync(string words) => Eventually.HoldsAsync(
        () => Said.Contains(words, StringComparison.Ordinal) || (process.HasExited && errors.IsCompleted ? throw new InvalidOperationException($"It ended without saying '{words}':\n{Said}") : false),
        $"it says '{words}'",
        TimeSpan.FromMinutes(2));

    /// <summary>Waits for its end.</summary>
    public async Task<(int Code, string Output, string Errors)> EndAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await errors;
        return (process.ExitCode, await output, Said);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private async Task ListenAsync()
    {
        var buffer = new char[4096];
        while (await process.StandardError.ReadAsync(buffer) is > 0 and var count)
        {
            lock (said)
            {
                said.Append(buffer, 0, count);
            }
        }
    }
}
