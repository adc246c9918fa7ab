using System.Collections.Concurrent;
using System.Diagnostics;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>The scripts of eng/, which print where the thing is that they provide.</summary>
public static class EngScript
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Answers = new();

    /// <summary>The last line that <paramref name="script"/> prints; asked once a process.</summary>
    public static Task<string> RunAsync(string script, params string[] arguments) =>
        Answers.GetOrAdd(string.Join(' ', [script, .. arguments]), _ => new Lazy<Task<string>>(() => StartAsync(script, arguments))).Value;

    private static async Task<string> StartAsync(string script, string[] arguments)
    {
        var start = new ProcessStartInfo(RepositoryRoot.File(script), arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = await Spawner.StartAsync(start);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.Trim().Split('\n')[^1]
            : throw new InvalidOperationException($"{script} {string.Join(' ', arguments)} failed: {await errors}");
    }
}
