using System.Diagnostics;
using System.Globalization;
using Harmony.Fleet.Bench.Load;
using Harmony.Fleet.LoadTest.Measuring;

namespace Harmony.Fleet.Bench.Floods;

/// <summary>Somebody without a token and without a key who knocks at the API and at NATS as fast as it goes, while those with both go on.</summary>
internal static class StrangerFlood
{
    /// <summary>Prints what others notice.</summary>
    public static async Task<int> MeasureAsync(TimeSpan span, int nice, CancellationToken cancellationToken)
    {
        await using var stack = await LoadedStack.StartAsync(64, 40, [], cancellationToken);
        await Window.MeasureAsync(stack, TimeSpan.FromSeconds(5), _ => Task.CompletedTask);
        var quiet = await Window.MeasureAsync(stack, TimeSpan.FromSeconds(20), _ => Task.CompletedTask);
        quiet.Print("without");
        var (said, share) = (string.Empty, 0.0);
        var before = Window.BytesOfLogs(stack);
        var flood = await Window.MeasureAsync(stack, span, async over => (said, share) = await BesideAsync(nice, ["knock", stack.Reached.Api.AbsoluteUri, stack.Reached.NatsUrl], over));
        flood.Print("meanwhile");
        await Task.Delay(TimeSpan.FromSeconds(12), cancellationToken); // What was kept back is written too.
        flood = flood with { LogBytes = Window.BytesOfLogs(stack) - before };
        Console.WriteLine($"refused in {span.TotalSeconds:F0} s: {said}, by a process that took {share:F2} of {Environment.ProcessorCount} processors");
        flood.PrintBeside(quiet);
        var burnt = await Window.MeasureAsync(stack, span, over => BesideAsync(nice, ["burn", share.ToString(CultureInfo.InvariantCulture)], over));
        burnt.Print("yardstick");
        burnt.PrintBeside(quiet);
        Console.WriteLine($"p99 beside the flood to that beside a process that takes as much processor and touches nothing: lag {flood.LagP99 / burnt.LagP99:F2} x, API {flood.AnswerP99 / burnt.AnswerP99:F2} x");
        var wrong = await stack.ConvergeAsync(cancellationToken);
        Console.WriteLine($"{wrong} wrong aggregates");
        return wrong == 0 ? 0 : 1;
    }

    /// <summary>This program as another process, which ends with its input.</summary>
    /// <returns>What it said, and how many processors it took.</returns>
    private static async Task<(string Said, double Share)> BesideAsync(int nice, string[] arguments, CancellationToken over)
    {
        var start = new ProcessStartInfo("nice", ["-n", $"{nice}", Environment.ProcessPath!, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        };
        using var beside = Process.Start(start)!;
        var (meter, began) = (new ProcessMeter(beside.Id), Stopwatch.GetTimestamp());
        await Task.Delay(Timeout.Infinite, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var share = meter.Cpu / Stopwatch.GetElapsedTime(began).TotalSeconds;
        beside.StandardInput.Close();
        return ((await beside.StandardOutput.ReadToEndAsync(CancellationToken.None)).Trim(), share);
    }
}
