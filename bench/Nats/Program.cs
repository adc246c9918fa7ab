using System.Globalization;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Bench.Nats;
using Harmony.Fleet.Tests.Harness;

// The same work by each client, in turn, round by round on one server; prints medians a second, and the median of the ratios of the rounds.
// usage: Harmony.Fleet.Bench.Nats [--rounds N] [--full] [--only TEXT] [--ours] [--buffer BYTES] [--server 2.10|2.15]
//        Harmony.Fleet.Bench.Nats idle COUNT ours|library
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["idle", var count, var whose])
{
    await using var server = await NatsServer.StartAsync();
    OurClient.BufferBytes = NatsOptions.For(server.Url).BufferBytes;
    await IdleConnections.MeasureAsync(server.Url, int.Parse(count, CultureInfo.InvariantCulture), whose);
    return;
}

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
var rounds = int.Parse(Option("--rounds") ?? "5", CultureInfo.InvariantCulture);
OurClient.BufferBytes = int.Parse(Option("--buffer") ?? $"{NatsOptions.LargeBufferBytes}", CultureInfo.InvariantCulture);
var works = Work.All(args.Contains("--full")).Where(work => work.Name.Contains(Option("--only") ?? string.Empty, StringComparison.Ordinal)).ToList();
IContender[] contenders = args.Contains("--ours") ? [new OurClient()] : [new OurClient(), new LibraryClient(), new RawClient()];

await using var rig = await Rig.StartAsync(Option("--server") ?? NatsVersions.Newest);
Console.WriteLine($"| work | {string.Join(" | ", contenders.Select(one => one.Name))} | ours / NATS.Net alone |");
Console.WriteLine($"|---|{string.Concat(contenders.Select(_ => "---|"))}---|");
foreach (var work in works)
{
    // Compiled by now in the other rounds, so in the first one too.
    var results = contenders.ToDictionary(one => one.Name, _ => new List<double>(), StringComparer.Ordinal);
    for (var round = -1; round < rounds; round++)
    {
        // Who comes second finds a warmer server: they take turns.
        foreach (var contender in round % 2 == 0 ? contenders : contenders.Reverse())
        {
            var bucket = await rig.BucketAsync(work);
            GC.Collect();
            if (await contender.MeasureAsync(work, rig.Url, bucket) is { } seconds && round >= 0)
            {
                results[contender.Name].Add(work.Count / seconds);
            }

            await rig.DropAsync(bucket);
        }
    }

    string Cell(string name) => results.GetValueOrDefault(name) is { Count: > 0 } rates ? $"{Median(rates):N0}/s" : "-";
    var ratio = contenders.Length > 1 ? $"{Median([.. results["ours"].Zip(results["NATS.Net alone"], (ours, alone) => ours / alone)]):N2}" : "-";
    Console.WriteLine($"| {work.Name} | {string.Join(" | ", contenders.Select(one => Cell(one.Name)))} | {ratio} |");
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
