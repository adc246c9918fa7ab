using System.Diagnostics;
using System.Globalization;
using Harmony.Fleet.Bench.Model;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Desired;

// Prints one line for each measurement of the fleet's model alone, on one core: what a pair (a deployment on a device) costs in memory, and what changes cost in time.
// args: devices (100000), deployments (10000).
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var fleet = new SampleFleet(Number(0, 100_000), Number(1, 10_000));
long pairs = fleet.Pairs;
Console.WriteLine($"{fleet.Devices:N0} devices x {fleet.Deployments:N0} deployments: {pairs:N0} pairs");

var model = new FleetModel();
var empty = Managed();
Time("devices appear", fleet.Devices, () => fleet.AddDevices(model));
var alone = Managed();
Time("deployments appear, pairs", pairs, () => fleet.AddDeployments(model, version: 1));
model.TakeChange();
Time("first reports, pairs", pairs, () => fleet.ReportAll(model, Phase.Running, version: 1));
model.TakeChange();
var whole = Managed();
Console.WriteLine($"managed memory: {(alone - empty) / fleet.Devices:N0} bytes a device without deployments; {(double)(whole - alone) / pairs:N1} bytes a pair");

Time("reports that change each pair", pairs, () => fleet.ReportAll(model, Phase.Failed, version: 1));
Time("reports that change nothing, pairs", pairs, () => fleet.ReportAll(model, Phase.Failed, version: 1));
Time("every deployment changes, pairs", pairs, () => fleet.AddDeployments(model, version: 2));
Time("reports of the new version, pairs", pairs, () => fleet.ReportAll(model, Phase.Running, version: 2));
Time("every device is lost, pairs", pairs, () => fleet.SetReachable(model, false));
Console.WriteLine($"managed memory after all of that: {(double)(Managed() - alone) / pairs:N1} bytes a pair");

int Number(int index, int usual) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : usual;

static long Managed()
{
    GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
    return GC.GetTotalMemory(forceFullCollection: true);
}

static void Time(string what, long count, Action work)
{
    var clock = Stopwatch.StartNew();
    work();
    Console.WriteLine($"{what}: {count:N0} in {clock.Elapsed.TotalSeconds:N2} s, {count / clock.Elapsed.TotalSeconds:N0}/s");
}
