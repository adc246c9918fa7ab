using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Harmony.Fleet.Bench.Sqlite;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

// Prints one line for each measurement. Each is taken in rounds, raw SQLite on the same disk right before it, and the median ratio is told.
// args[0]: the folder (the disk) to measure in.
const int Rounds = 5;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = Directory.CreateDirectory(Path.Combine(args.FirstOrDefault() ?? Path.GetTempPath(), $"fleet-bench-{Environment.ProcessId}")).FullName;
try
{
    var body = JsonSerializer.SerializeToUtf8Bytes(StoreLoad.Sample("web"), ResourceTypes.Deployments.Json);
    Console.WriteLine($"a resource: {body.Length} bytes of JSON");
    await using var store = StoreLoad.Open(Path.Combine(folder, "fleet.db"));
    // The store loads the SQLite library, so it comes first.
    using var raw = new RawSqlite(Path.Combine(folder, "raw.db"), body);
    await StoreLoad.CreateAsync(store, "warm", 8, 1_000);
    await StoreLoad.PatchStatusAsync(store, await StoreLoad.SeenAsync(store, "warm"), 8);
    foreach (var (writers, each) in new[] { (1, 500), (8, 150), (64, 30), (256, 10) })
    {
        await ReportAsync($"create, {writers} writers", writers * each, round => StoreLoad.CreateAsync(store, $"w{writers}-{round}", writers, each));
        var seen = new List<ImmutableArray<ResourceRevision>>();
        for (var round = 0; round < Rounds; round++)
        {
            seen.Add(await StoreLoad.SeenAsync(store, $"w{writers}-{round}"));
        }

        await ReportAsync($"status, {writers} writers", writers * each, round => StoreLoad.PatchStatusAsync(store, seen[round], writers));
    }

    // What the mark beside the database costs: the same store without it is the yardstick, in the same round.
    await using (var unmarked = StoreLoad.Open(Path.Combine(folder, "unmarked.db"), isMarked: false))
    {
        await StoreLoad.CreateAsync(unmarked, "warm", 8, 1_000);
        foreach (var (writers, each) in new[] { (1, 500), (8, 150), (64, 30) })
        {
            var rounds = new List<(Rate Without, Rate With)>();
            for (var round = 0; round < Rounds; round++)
            {
                rounds.Add((
                    await Rate.OfAsync(writers * each, () => StoreLoad.CreateAsync(unmarked, $"m{writers}-{round}", writers, each)),
                    await Rate.OfAsync(writers * each, () => StoreLoad.CreateAsync(store, $"m{writers}-{round}", writers, each))));
            }

            var (without, with) = rounds.OrderBy(pair => pair.With.PerSecond / pair.Without.PerSecond).ElementAt(Rounds / 2);
            Console.WriteLine($"create, marked, {writers} writers: {with}; without the mark {without}; ratio {with.PerSecond / without.PerSecond:N2}");
        }
    }

    Console.WriteLine($"list in pages of 500: {await Rate.OfAsync(10_000, () => StoreLoad.ListAsync(store, 10_000))}");
    Console.WriteLine($"watch of the log: {await Rate.OfAsync(20_000, () => StoreLoad.WatchAsync(store, 20_000))}");

    async Task ReportAsync(string what, int count, Func<int, Task> work)
    {
        var rounds = new List<(Rate Raw, Rate Store)>();
        for (var round = 0; round < Rounds; round++)
        {
            rounds.Add((await Rate.OfAsync(500, () => raw.WriteAsync(500)), await Rate.OfAsync(count, () => work(round))));
        }

        var (rawRate, rate) = rounds.OrderBy(pair => pair.Store.PerSecond / pair.Raw.PerSecond).ElementAt(Rounds / 2);
        Console.WriteLine($"{what}: {rate}; raw SQLite {rawRate}; ratio {rate.PerSecond / rawRate.PerSecond:N2}");
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}
