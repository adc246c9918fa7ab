using System.Globalization;
using Harmony.Fleet.Bench.Engine;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Events;

// Prints one line for each measurement of the operator's engine alone, on one core: all that Step decides, in a world in which each effect is done at once.
// args: devices (100000), deployments (10000), ten of which are meant for each device.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var devices = Number(0, 100_000);
var world = new World(devices);
var fleet = new EngineFleet(devices, Number(1, 10_000), world);
Console.WriteLine($"{devices:N0} devices x {Number(1, 10_000):N0} deployments: {fleet.Pairs:N0} pairs");
Console.WriteLine("a step's own time: the processor's, without what the collector and the compiler took of it");
var empty = Managed();
Time("lists, a start", devices, "devices", () => fleet.Listed());
Time("manifests, all new", devices, "devices", () => EngineFleet.CaughtUp());
var known = Managed();
Time("first infos", devices, "devices", () => fleet.Infos());
Time("first heartbeats", devices, "devices", () => fleet.Beats());
Time("first reports", fleet.Pairs, "pairs", () => fleet.Reports(Phase.Running));
var whole = Managed();
Console.WriteLine($"managed memory: {(known - empty) / devices:N0} bytes a device with its resource and manifest; {(double)(whole - empty) / fleet.Pairs:N1} bytes a pair, all included");
Time("reports that change each pair", fleet.Pairs, "pairs", () => fleet.Reports(Phase.Failed));
Time("reports that change each pair back", fleet.Pairs, "pairs", () => fleet.Reports(Phase.Running));
Time("reports that change nothing", fleet.Pairs, "pairs", () => fleet.Reports(Phase.Running));
Time("heartbeats", devices, "devices", () => fleet.Beats());
Time("a step in which nothing happens", 100, "steps", () => [], () =>
{
    for (var step = 0; step < 100; step++)
    {
        world.Tick();
    }
});
Console.WriteLine($"managed memory after all of that: {(double)(Managed() - empty) / fleet.Pairs:N1} bytes a pair, all included");
for (var round = 1; round <= 2; round++)
{
    Time($"one Deployment for all devices, new ({round})", devices, "devices", () => fleet.ForAll(round, image: 1));
    Time($"changed ({round})", devices, "devices", () => fleet.ForAll(round, image: 2));
    Time($"deleted ({round})", devices, "devices", () => fleet.ForAll(round, image: 2, isDeleted: true));
}

foreach (var step in world.Longest.All)
{
    Console.WriteLine(step);
}

int Number(int index, int usual) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : usual;

static long Managed()
{
    GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
    return GC.GetTotalMemory(forceFullCollection: true);
}

void Time(string what, long count, string of, Func<IEnumerable<FleetEvent>> events, Action? work = null)
{
    var before = world.Effects;
    world.Longest.Begin(what);
    world.TakeTime();
    if (work is null)
    {
        world.Take(events());
    }
    else
    {
        work();
    }

    var took = world.TakeTime();
    Console.WriteLine($"{what}: {count:N0} {of} in {took.TotalSeconds:N3} s of the engine, {count / took.TotalSeconds:N0}/s; {world.Effects - before:N0} effects; longest step {world.Longest.OfPhase}");
}
