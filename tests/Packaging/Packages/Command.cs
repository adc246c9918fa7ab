using System.Diagnostics;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Packaging.Packages;

/// <summary>A program that is run to its end.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it wrote to stdout.</param>
/// <param name="Errors">What it wrote to stderr.</param>
public sealed record Command(int Code, string Output, string Errors)
{
    private static readonly Dictionary<string, string> NoVariables = [];

    /// <summary>The lines of <see cref="Output"/>.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>All that it said.</summary>
    public string Said => Output + Errors;

    /// <summary>Runs it. It ends with the test at the latest.</summary>
    public static Task<Command> RunAsync(params string[] words) => RunAsync(NoVariables, words);

    /// <summary>Runs it with variables of its own.</summary>
    public static async Task<Command> RunAsync(IReadOnlyDictionary<string, string> variables, params string[] words)
    {
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "TERM", .. words])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = await Spawner.StartAsync(start);
        process.StandardInput.Close();
        using var ending = TestContext.Current.CancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return new Command(process.ExitCode, output, await errors);
    }

    /// <summary>Runs it, and fails the test where it fails.</summary>
    public static async Task<Command> DoneAsync(params string[] words)
    {
        var command = await RunAsync(words);
        command.Code.ShouldBe(0, $"{string.Join(' ', words)}\n{command.Said}");
        return command;
    }
}
