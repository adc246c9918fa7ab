using Harmony.Fleet.Adapters.Nats.JetStream;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Adapters.Nats.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Adapters.Nats.KeyValue;

/// <summary>A server cuts off whoever does not read what is sent to it (max_pending). A watch asks for no more than it can take.</summary>
[Trait("Category", "Integration")]
public sealed class WatchPressureTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Sizes apart, so that pulls end in all ways; and one larger than a whole pull.</summary>
    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Watch_OfMuchMoreThanTheServerLetsWait_WithASlowReader_IsNotCutOff(string version)
    {
        await using var server = await NatsServer.StartAsync(version, site => NatsServer.JetStreamConfig(site) + "max_pending: 4MB\n");
        await using var bus = await Buses.ConnectAsync(server);
        (await Buses.Admin(bus).EnsureBucketAsync(new BucketSettings { Name = "things", MaxValueBytes = 900_000 }, Stop)).ShouldBeOfType<EnsureBucketOutcome.Created>();
        var bucket = bus.Bucket("things");
        int[] sizes = [.. Enumerable.Range(0, 3000).Select(number => number == 1500 ? OrderedConsumer.PullBytes + 10_000 : 1 + (number * 7919 % 48_000))];
        await Parallel.ForEachAsync(Enumerable.Range(0, sizes.Length), Stop, async (number, token) =>
            (await bucket.PutAsync($"k{number}", new byte[sizes[number]], BusHeaders.None, token)).ShouldBeOfType<PutOutcome.Stored>());

        var seen = new Dictionary<string, int>();
        await foreach (var happened in bucket.WatchAsync(">", Stop))
        {
            happened.ShouldNotBeOfType<BucketEvent.Restarted>(happened.ToString());
            if (happened is BucketEvent.CaughtUp)
            {
                break;
            }

            var entry = happened.ShouldBeOfType<BucketEvent.Changed>().Value;
            seen.Add(entry.Key, entry.Value.Length);
            if (seen.Count is 1 or 1000)
            {
                await Task.Delay(1500, Stop);
            }
        }

        seen.Count.ShouldBe(sizes.Length);
        seen.ShouldBe(sizes.Select((size, number) => KeyValuePair.Create($"k{number}", size)), ignoreOrder: true);
    }

    /// <summary>The server says nothing at the end of a pull that was filled to the byte: values of one size do that sooner or later.</summary>
    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Watch_OfManySmallValues_NeverWaitsForAPullThatIsOver(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var bus = await Buses.ConnectAsync(server);
        (await Buses.Admin(bus).EnsureBucketAsync(new BucketSettings { Name = "things", InMemory = true }, Stop)).ShouldBeOfType<EnsureBucketOutcome.Created>();
        var bucket = bus.Bucket("things");
        await Parallel.ForEachAsync(Enumerable.Range(100_000, 50_000), Stop, async (number, token) => await bucket.PutAsync($"k{number}", "v"u8.ToArray(), BusHeaders.None, token));
        for (var round = 0; round < 10; round++)
        {
            var count = 0;
            await foreach (var happened in bucket.WatchAsync(">", Stop))
            {
                happened.ShouldNotBeOfType<BucketEvent.Restarted>(happened.ToString());
                if (happened is BucketEvent.CaughtUp)
                {
                    break;
                }

                count++;
            }

            count.ShouldBe(50_000);
        }
    }
}
