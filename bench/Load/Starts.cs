using System.Diagnostics;

namespace Harmony.Fleet.Bench.Load;

/// <summary>The operator is killed and started: while reports are written, or with nothing being written, beside a reader of what it has to read.</summary>
internal static class Starts
{
    public static async Task<int> RunAsync(LoadedStack stack, bool whileWriting, int rounds, CancellationToken cancellationToken)
    {
        var (random, took, wrong) = (new Random(1), new List<double>(), 0);
        for (var round = 1; round <= rounds; round++)
        {
            var writing = whileWriting ? stack.Writer.WriteAsync(1_000, TimeSpan.FromSeconds(3), cancellationToken) : Task.CompletedTask;
            await Task.Delay(whileWriting ? random.Next(2_500) : 0, cancellationToken);
            var yardstick = whileWriting ? TimeSpan.Zero : await Reader.ReadAsync(stack.Reached, stack.Plan.Devices, cancellationToken);
            await stack.KillOperatorAsync();
            var began = Stopwatch.GetTimestamp();
            await writing;
            var wrongNow = await stack.ConvergeAsync(cancellationToken);
            var converged = Stopwatch.GetElapsedTime(began);
            wrong += wrongNow;
            took.Add(converged.TotalSeconds);
            Console.WriteLine($"round {round}: {converged.TotalSeconds:F2} s, {wrongNow} wrong" + (whileWriting ? string.Empty : $"; reader {yardstick.TotalSeconds:F2} s: {converged / yardstick:F2} x"));
        }

        Console.WriteLine($"median {Rounds.Median(took):F2} s, longest {took.Max():F2} s; {wrong} wrong aggregates; {stack.Errors} writes tried again");
        return wrong;
    }
}
