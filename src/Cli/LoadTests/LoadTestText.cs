using System.Globalization;
using Harmony.Fleet.Deploy.LoadTests;

namespace Harmony.Fleet.Cli.LoadTests;

/// <summary>What a load test measured, for people.</summary>
internal static class LoadTestText
{
    /// <summary>A line for each number.</summary>
    public static string Of(LoadTestResult result)
    {
        (string Title, string Value)[] lines =
        [
            ("fleet", $"{Number(result.Devices)} devices, {Number(result.Deployments)} Deployments, {Number(result.Pairs)} pairs; set up in {result.SetupSeconds:0.0} s"),
            ("writes", $"{Number(result.Writes)}, {Number((long)result.WritesPerSecond)} a second; {Number(result.Errors)} errors"),
            ("wrong aggregates", Number(result.WrongAggregates)),
            ("lag", $"p50 {result.LagP50Ms:0} ms, p99 {result.LagP99Ms:0} ms ({Number(result.LagSamples)} samples)"),
            ("convergence", $"{result.ConvergenceSeconds:0.00} s after the last write"),
            ("operator", $"{result.OperatorRssMiB:0} MiB, {result.OperatorCpuSeconds:0.0} s of processor time"),
            ("nats-server", $"{result.NatsRssMiB:0} MiB, {result.NatsCpuSeconds:0.0} s"),
            ("writer", $"{result.WriterCpuSeconds:0.0} s"),
            ("operator's loop", result.TurnP99Ms is { } turn ? $"p99 of a turn {turn:0.##} ms, of a report's lag {result.ReportLagP99Ms:0} ms" : "not told"),
        ];
        return string.Join('\n', lines.Select(line => $"{line.Title,-18}{line.Value}"));
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
