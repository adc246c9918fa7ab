using System.Globalization;
using System.Text.Json;
using Harmony.Fleet.Bench.Sqlite;
using Harmony.Fleet.Contracts.Resources;

// Prints one line for each measurement; the ratios are against raw SQLite on the same disk in the same run. args[0]: the folder (the disk) to measure in.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = Directory.CreateDirectory(Path.Combine(args.FirstOrDefault() ?? Path.GetTempPath(), $"fleet-bench-{Environment.ProcessId}")).FullName;
try
{
    var body = JsonSerializer.SerializeToUtf8Bytes(StoreLoad.Sample("web"), ResourceTypes.Deployments.Json);
    Console.WriteLine($"a resource: {body.Length} bytes of JSON");
    await using var store = StoreLoad.Open(Path.Combine(folder, "fleet.db"));
    await StoreLoad.CreateAsync(store, "warm", 8, 100);
    var raw = RawSqlite.Measure(Path.Combine(folder, "raw.db"), 5_000, body);
    Console.WriteLine($"raw SQLite, one insert a transaction, synchronous=FULL: {raw:N0}/s");
    foreach (var (writers, each) in new[] { (1, 3_000), (8, 1_000), (64, 200), (256, 60) })
    {
        var prefix = $"w{writers}";
        var created = await StoreLoad.CreateAsync(store, prefix, writers, each);
        var updated = await StoreLoad.UpdateStatusAsync(store, prefix, writers, each);
        Console.WriteLine($"{writers} writers: create {created:N0}/s ({created / raw:N2} of raw), status {updated:N0}/s ({updated / raw:N2} of raw)");
    }

    Console.WriteLine($"list in pages of 500: {await StoreLoad.ListAsync(store):N0} resources/s");
    Console.WriteLine($"watch of the log: {await StoreLoad.WatchAsync(store, 30_000):N0} events/s");
}
finally
{
    Directory.Delete(folder, recursive: true);
}
