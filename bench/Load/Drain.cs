using System.Diagnostics;
using System.Globalization;
using Harmony.Fleet.LoadTest;
using Harmony.Fleet.LoadTest.Measuring;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Bench.Load;

/// <summary>
/// Every device reports while the operator stands still; then it goes on, and takes what waits. Beside it, in the same round, a reader of the same. What is taken is
/// counted by the operator's own metrics; until every aggregate is right there is also a flush, which waits for up to a second.
/// </summary>
internal static class Drain
{
    public static async Task<int> RunAsync(LoadedStack stack, int rounds, CancellationToken cancellationToken)
    {
        var (random, ratios, wrong) = (new Random(1), new List<double>(), 0);
        for (var round = 1; round <= rounds; round++)
        {
            var (pid, before) = (await stack.OperatorAsync(), await TakenAsync(stack, cancellationToken));
            await RunningProcesses.SignalAsync(pid, "STOP");
            await stack.ReportAllAsync(random, cancellationToken);
            var reader = await Reader.ReadReportsAsync(stack.Reached, stack.Plan.Devices, cancellationToken);
            var (own, nats, began) = (new ProcessMeter(pid), new ProcessMeter(stack.Reached.Nats), Stopwatch.GetTimestamp());
            await RunningProcesses.SignalAsync(pid, "CONT");
            var drained = await DrainAsync(stack, before, cancellationToken);
            await Stage.ConvergeAsync(stack.Expected, stack.Watch, cancellationToken);
            var (converged, cpu, natsCpu) = (Stopwatch.GetElapsedTime(began), own.Cpu, nats.Cpu);
            wrong += await stack.ConvergeAsync(cancellationToken);
            ratios.Add(reader / drained);
            Console.WriteLine(
                $"round {round}: {stack.Plan.Devices / drained.TotalSeconds:N0} reports/s; reader {stack.Plan.Devices / reader.TotalSeconds:N0}/s: {ratios[^1]:F2}; " +
                $"all aggregates right {converged.TotalSeconds:F2} s after it went on, for {cpu:F1} s of the operator's processor and {natsCpu:F1} s of nats-server's");
        }

        Console.WriteLine($"drain / reader: median {Rounds.Median(ratios):F2} ({ratios.Min():F2} to {ratios.Max():F2}); {wrong} wrong aggregates");
        return wrong;
    }

    /// <summary>From the first report that is taken to the last.</summary>
    private static async Task<TimeSpan> DrainAsync(LoadedStack stack, long before, CancellationToken cancellationToken)
    {
        var (first, taken) = (Stopwatch.GetTimestamp(), before);
        while (taken < before + stack.Plan.Devices)
        {
            await Task.Delay(20, cancellationToken);
            first = taken == before ? Stopwatch.GetTimestamp() : first;
            taken = await TakenAsync(stack, cancellationToken);
        }

        return Stopwatch.GetElapsedTime(first);
    }

    /// <summary>How many reports the operator's loop has taken.</summary>
    private static async Task<long> TakenAsync(LoadedStack stack, CancellationToken cancellationToken) =>
        (await stack.Api.MetricsAsync(cancellationToken) ?? string.Empty).Split('\n')
            .Where(line => line.StartsWith("fleet_loop_events_total{", StringComparison.Ordinal) && line.Contains("event=\"ReportHeard\"", StringComparison.Ordinal))
            .Select(line => (long)double.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture))
            .FirstOrDefault();
}
