using System.Diagnostics;
using Harmony.Fleet.Bench.Load;

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
        var said = string.Empty;
        var before = Window.BytesOfLogs(stack);
        var flood = await Window.MeasureAsync(stack, span, async over => said = await KnockAsync(stack, nice, over));
        flood.Print("meanwhile");
        await Task.Delay(TimeSpan.FromSeconds(12), cancellationToken); // What was kept back is written too.
        flood = flood with { LogBytes = Window.BytesOfLogs(stack) - before };
        Console.WriteLine($"refused in {span.TotalSeconds:F0} s: {said}");
        flood.PrintBeside(quiet);
        var wrong = await stack.ConvergeAsync(cancellationToken);
        Console.WriteLine($"{wrong} wrong aggregates");
        return wrong == 0 ? 0 : 1;
    }

    /// <summary>They are a process of their own, and end with their input.</summary>
    private static async Task<string> KnockAsync(LoadedStack stack, int nice, CancellationToken over)
    {
        var start = new ProcessStartInfo("nice", ["-n", $"{nice}", Environment.ProcessPath!, "knock", stack.Reached.Api.AbsoluteUri, stack.Reached.NatsUrl])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        };
        using var strangers = Process.Start(start)!;
        await Task.Delay(Timeout.Infinite, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        strangers.StandardInput.Close();
        return (await strangers.StandardOutput.ReadToEndAsync(CancellationToken.None)).Trim();
    }
}
