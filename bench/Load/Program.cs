using System.Diagnostics;
using System.Globalization;
using Harmony.Fleet.Bench.Load;
using Harmony.Fleet.Tests.Harness;

// A control plane of real processes whose operator is killed. Usage:
//   kill [ROUNDS] [DEVICES]   kill -9 at a random moment while reports are written: from the new process until every aggregate is right, the rest of three seconds of writes included
//   cold [ROUNDS] [DEVICES]   the same with nothing being written, and beside it, in the same run, a reader that verifies and parses what lies in the buckets
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
if (args.FirstOrDefault() is not ("kill" or "cold"))
{
    Console.Error.WriteLine("usage: kill [ROUNDS] [DEVICES] | cold [ROUNDS] [DEVICES]");
    return 2;
}

using var end = new EndSignals();
var (isKill, rounds, devices) = (args[0] == "kill", Number(1, args[0] == "kill" ? 20 : 5), Number(2, args[0] == "kill" ? 1_000 : 20_000));
try
{
    await using var stack = await LoadedStack.StartAsync(devices, Math.Max(2, devices / 10), end.Token);
    Console.WriteLine($"{stack.Plan.Devices:N0} devices x {stack.Plan.Deployments:N0} Deployments, {stack.Plan.Pairs:N0} pairs");
    var random = new Random(1);
    var (took, wrong) = (new List<double>(), 0);
    for (var round = 1; round <= rounds; round++)
    {
        var writing = isKill ? stack.Writer.WriteAsync(1_000, TimeSpan.FromSeconds(3), end.Token) : Task.CompletedTask;
        await Task.Delay(isKill ? random.Next(2_500) : 0, end.Token);
        var yardstick = isKill ? TimeSpan.Zero : await Reader.ReadAsync(stack.Reached, devices, end.Token);
        await stack.KillOperatorAsync();
        var began = Stopwatch.GetTimestamp();
        await writing;
        var wrongNow = await stack.ConvergeAsync(end.Token);
        var converged = Stopwatch.GetElapsedTime(began);
        wrong += wrongNow;
        took.Add(converged.TotalSeconds);
        Console.WriteLine($"round {round}: {converged.TotalSeconds:F2} s, {wrongNow} wrong" + (isKill ? string.Empty : $"; reader {yardstick.TotalSeconds:F2} s: {converged / yardstick:F2} x"));
    }

    took.Sort();
    Console.WriteLine($"median {took[took.Count / 2]:F2} s, longest {took[^1]:F2} s; {wrong} wrong aggregates; {stack.Errors} writes tried again");
    return wrong == 0 ? 0 : 1;
}
catch (OperationCanceledException) when (end.Token.IsCancellationRequested)
{
    return EndSignals.ExitCode;
}
