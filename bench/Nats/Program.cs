using System.Globalization;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Bench.Nats;
using Harmony.Fleet.Tests.Harness;

// The same work by each client, in turn, round by round on one server; prints medians a second, and the median of the ratios of the rounds with their spread.
// usage: Harmony.Fleet.Bench.Nats [--rounds N] [--full] [--only TEXT] [--ours] [--by-subject] [--buffer BYTES] [--server 2.10|2.15] [--max-pending BYTES]
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
IContender[] contenders = args.Contains("--ours") ? [new OurClient()] : [new OurClient(), new LibraryClient { ReadsBySubject = args.Contains("--by-subject") }, new RawClient()];

await using var rig = await Rig.StartAsync(Option("--server") ?? NatsVersions.Newest, Option("--max-pending"));
Console.WriteLine($"| work | {string.Join(" | ", contenders.Select(one => one.Name))} | {Comparison.Heading} |");
Console.WriteLine($"|---|{string.Concat(contenders.Select(_ => "---|"))}---|---|");
foreach (var work in works)
{
    var filled = work.OnlyReads ? await rig.BucketAsync(work) : null;
    var results = contenders.ToDictionary(one => one.Name, _ => new List<Measured>(), StringComparer.Ordinal);

    // Two rounds first, by which all that counts is compiled for good.
    for (var round = -2; round < rounds; round++)
    {
        // Who comes second finds a warmer server: they take turns.
        foreach (var contender in round % 2 == 0 ? contenders : contenders.Reverse())
        {
            var bucket = filled ?? await rig.BucketAsync(work);
            GC.Collect();
            if (await contender.MeasureAsync(work, rig.Url, bucket) is { } measured && round >= 0)
            {
                results[contender.Name].Add(measured);
            }

            if (filled is null)
            {
                await rig.DropAsync(bucket);
            }
        }
    }

    if (filled is not null)
    {
        await rig.DropAsync(filled);
    }

    var comparison = new Comparison(work.Count, results);
    Console.WriteLine($"| {work.Name} | {string.Join(" | ", contenders.Select(one => comparison.Rate(one.Name)))} | {comparison.Ratios("ours", "NATS.Net alone")} |");
}
