using System.Globalization;
using Harmony.Fleet.Bench.Floods;
using Harmony.Fleet.Tests.Harness;

// What others notice of a flood, on a control plane of real processes with normal devices. Before each flood the same is measured for a while without it. Usage:
//   device [SECONDS] [RATE] [BYTES]   a device with a login of its own that writes so many documents a second of so many bytes, each unlike the one before
//   strangers [SECONDS] [NICE]        32 clients without a token at the API and 32 without a key at NATS, each as fast as it goes; of another priority, since they would have machines of their own; then the same beside busy loops that take as much processor
//   agents [COUNT]                    so many real agents in one process; nats-server is killed and comes back, and a Deployment for all of them changes meanwhile
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
Func<CancellationToken, Task<int>>? measure = args.FirstOrDefault() switch
{
    "device" => token => DeviceFlood.MeasureAsync(TimeSpan.FromSeconds(Number(1, 60)), Number(2, 1_000), Number(3, 64 * 1024), token),
    "strangers" => token => StrangerFlood.MeasureAsync(TimeSpan.FromSeconds(Number(1, 10)), Number(2, 0), token),
    "knock" when args.Length == 3 => token => Strangers.KnockAsync(new Uri(args[1]), new Uri(args[2]), token),
    "burn" when args.Length == 2 => token => BusyLoops.BurnAsync(double.Parse(args[1], CultureInfo.InvariantCulture), token),
    "agents" => token => AgentHerd.MeasureAsync(Number(1, 10_000), token),
    _ => null,
};
if (measure is null)
{
    Console.Error.WriteLine("usage: device [SECONDS] [RATE] [BYTES] | strangers [SECONDS] [NICE] | agents [COUNT]");
    return 2;
}

using var end = new EndSignals();
try
{
    return await measure(end.Token);
}
catch (OperationCanceledException) when (end.Token.IsCancellationRequested)
{
    return EndSignals.ExitCode;
}
