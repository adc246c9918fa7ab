namespace Harmony.Fleet.Tests.Harness;

/// <summary>Stops programs while they start.</summary>
public static class StartInterruption
{
    private const int Starts = 40;
    private const int KilledBySigterm = 128 + 15;

    /// <summary>What nobody who is stopped in order says: nothing broke, and nothing took longer than a stop may.</summary>
    private static readonly string[] Words = ["exception", "crit:", "fail:", "cut off"];

    /// <summary>
    /// Starts a program again and again, and sends SIGTERM a little later each time. All are given the same settings: what one left behind
    /// (a lock, a port, a socket) would stop the next one.
    /// </summary>
    /// <param name="startAsync">Starts it.</param>
    /// <param name="expected">What it may complain of: something that is not there in this test; null for nothing.</param>
    /// <param name="left">What it must not leave behind: files that are there while it runs.</param>
    /// <returns>What those did that did not end in order: nothing.</returns>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(Func<Task<RunningProgram>> startAsync, string? expected, params string[] left)
    {
        var problems = new List<string>();
        for (var i = 0; i < Starts; i++)
        {
            await using var program = await startAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(10 * i));
            var code = await program.StopAsync();

            // Before the program's first instruction the signal ends the process by itself; nothing had begun then, nor was anything said.
            var isEarly = code == KilledBySigterm && program.Output.Trim().Length == 0;
            if ((code != 0 && !isEarly) || program.Output.Split('\n').Any(line => IsComplaint(line, expected)))
            {
                problems.Add($"SIGTERM after {10 * i} ms: exit code {code}: {program.Output}");
            }

            problems.AddRange(left.Where(File.Exists).Select(file => $"SIGTERM after {10 * i} ms: it left {file}"));
        }

        return problems;
    }

    /// <summary>Starts a program, and stops it while it waits for the file at <paramref name="path"/>.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> StopWhileItReadsAsync(string path, Func<Task<RunningProgram>> startAsync)
    {
        using var file = new HeldFile(path);
        await using var program = await startAsync();
        await Eventually.HoldsAsync(() => file.IsWaitedFor || program.HasExited, "the file is read");
        program.HasExited.ShouldBeFalse(program.Output);
        return await program.StopAsync();
    }

    private static bool IsComplaint(string line, string? expected) =>
        Words.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase)) && (expected is null || !line.Contains(expected, StringComparison.Ordinal));
}
