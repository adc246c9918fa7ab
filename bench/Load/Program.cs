using System.Globalization;
using Harmony.Fleet.Bench.Load;
using Harmony.Fleet.Tests.Harness;

// A control plane of real processes. Usage:
//   kill [ROUNDS] [DEVICES]     the operator is killed at a random moment while reports are written: from the new process until every aggregate is right, the rest of three seconds of writes included
//   cold [ROUNDS] [DEVICES]     the same with nothing being written, and beside it, in the same run, a reader that verifies and parses what lies in the buckets
//   drain [ROUNDS] [DEVICES]    every device reports while the operator stands still; then it takes what waits, and beside it such a reader
//   fan-out [ROUNDS] [DEVICES]  one Deployment of all devices changes, and beside it a bare client writes the same manifests
//   documents                   what it costs to read a document; no processes, no bus
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
var what = args.FirstOrDefault();
if (what == "documents")
{
    Documents.Run();
    return 0;
}

if (what is not ("kill" or "cold" or "drain" or "fan-out"))
{
    Console.Error.WriteLine("usage: kill|cold|drain|fan-out [ROUNDS] [DEVICES], or documents");
    return 2;
}

using var end = new EndSignals();
var (rounds, devices) = (Number(1, what == "kill" ? 20 : 5), Number(2, what == "kill" ? 1_000 : 20_000));
try
{
    await using var stack = await LoadedStack.StartAsync(devices, Math.Max(2, devices / 10), [], end.Token);
    Console.WriteLine($"{stack.Plan.Devices:N0} devices x {stack.Plan.Deployments:N0} Deployments, {stack.Plan.Pairs:N0} pairs");
    var wrong = 0;
    switch (what)
    {
        case "drain":
            wrong = await Drain.RunAsync(stack, rounds, end.Token);
            break;
        case "fan-out":
            await using (var fanOut = await FanOut.OpenAsync(stack, end.Token))
            {
                await fanOut.RunAsync(rounds, end.Token);
            }

            break;
        default:
            wrong = await Starts.RunAsync(stack, what == "kill", rounds, end.Token);
            break;
    }

    return wrong == 0 ? 0 : 1;
}
catch (OperationCanceledException) when (end.Token.IsCancellationRequested)
{
    return EndSignals.ExitCode;
}
