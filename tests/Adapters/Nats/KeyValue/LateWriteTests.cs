using System.Globalization;
using System.Text;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Adapters.Nats.Bus;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.KeyValue;

/// <summary>A write that was told to have failed may be stored later. It never replaces anything but what it was meant to.</summary>
[Trait("Category", "Integration")]
public sealed class LateWriteTests
{
    private const int Writers = 64;
    private const int Last = 1_000_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Update_HeldByTheNetwork_ReplacesNothingThatIsNewer(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        using var network = new HoldingNetwork(server);
        await using var bus = await OpenAsync(Impatient(network.Url));
        var bucket = bus.Bucket("things");
        var first = Revision(await bucket.CreateAsync("a", Value(1), BusHeaders.None, Stop));

        network.Hold();
        (await bucket.UpdateAsync("a", Value(2), first, BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Unavailable>();
        network.Cut();
        await Eventually.HoldsAsync(() => bus.Link is { IsUp: true, Connects: 2 }, "it is connected again");
        var newer = Revision(await bucket.UpdateAsync("a", Value(3), first, BusHeaders.None, Stop));
        await network.ReleaseAsync("wrong last sequence");

        var entry = (await bucket.GetAsync("a", Stop)).ShouldBeOfType<GetOutcome.Found>().Entry;
        (Number(entry.Value), entry.Revision).ShouldBe((3, newer));
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Delete_HeldByTheNetwork_RemovesNothingThatIsNewer(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        using var network = new HoldingNetwork(server);
        await using var bus = await OpenAsync(Impatient(network.Url));
        var bucket = bus.Bucket("things");
        var first = Revision(await bucket.CreateAsync("a", Value(1), BusHeaders.None, Stop));

        network.Hold();
        (await bucket.DeleteAsync("a", first, Stop)).ShouldBeOfType<PutOutcome.Unavailable>();
        network.Cut();
        await Eventually.HoldsAsync(() => bus.Link is { IsUp: true, Connects: 2 }, "it is connected again");
        await bucket.UpdateAsync("a", Value(2), first, BusHeaders.None, Stop);
        await network.ReleaseAsync("wrong last sequence");

        Number((await bucket.GetAsync("a", Stop)).ShouldBeOfType<GetOutcome.Found>().Entry.Value).ShouldBe(2);
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Burst_OfAServerThatHangsAndIsKilled_NeverGoesBack(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var bus = await OpenAsync(Impatient(server.Url));
        await using var watcher = await Buses.ConnectAsync(server);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var writing = Enumerable.Range(0, Writers).Select(writer => WriteAsync(bus.Bucket("things"), $"key-{writer}", enough.Token)).ToArray();

        for (var round = 0; round < 3; round++)
        {
            await Task.Delay(200, Stop);
            server.Pause();
            await Task.Delay(1000, Stop);
            server.Resume();
            await Task.Delay(200, Stop);
            await server.KillAsync();
            await server.RestartAsync();
        }

        await enough.CancelAsync();
        var unavailable = (await Task.WhenAll(writing)).Sum();
        await Task.Delay(500, Stop);

        unavailable.ShouldBeGreaterThan(Writers, "the server was away in mid-burst");
        for (var writer = 0; writer < Writers; writer++)
        {
            Number((await watcher.Bucket("things").GetAsync($"key-{writer}", Stop)).ShouldBeOfType<GetOutcome.Found>().Entry.Value).ShouldBe(Last);
        }
    }

    [Fact]
    public async Task Burst_IntoAServerThatIsKilled_StoresNothingOnceItIsBack()
    {
        await using var server = await NatsServer.StartAsync();
        await using var bus = await OpenAsync(Impatient(server.Url));
        var bucket = bus.Bucket("things");
        var (begun, written) = (new TaskCompletionSource(), 0);
        var burst = Enumerable.Range(0, Writers).Select(_ => WriteUntilItFailsAsync()).ToArray();
        await begun.Task;
        await server.KillAsync();
        (await Task.WhenAll(burst)).ShouldAllBe(last => last is PutOutcome.Unavailable, "it was killed in mid-burst");

        await server.RestartAsync();
        var library = await Buses.LibraryAsync(server);
        await using var connection = library.Connection;
        var atFirst = (await library.GetStreamAsync("KV_things", cancellationToken: Stop)).Info.State.LastSeq;
        await Eventually.HoldsAsync(() => bus.Link.IsUp, "it is connected again");
        Revision(await bucket.CreateAsync("behind-all-else", Value(0), BusHeaders.None, Stop)).ShouldBe(atFirst + 1);

        async Task<PutOutcome> WriteUntilItFailsAsync()
        {
            while (true)
            {
                var outcome = await bucket.CreateAsync($"key-{Interlocked.Increment(ref written)}", Value(1), BusHeaders.None, Stop);
                if (outcome is not PutOutcome.Stored)
                {
                    return outcome;
                }

                begun.TrySetResult();
            }
        }
    }

    /// <summary>Writes rising numbers as the agent puts its documents, and in the end the last; gives back how many were told to have failed.</summary>
    private static async Task<int> WriteAsync(IBucket bucket, string key, CancellationToken enough)
    {
        var (revision, failed, written) = (0UL, 0, 0UL);
        for (var number = 1; number < Last || written == 0; number++)
        {
            number = enough.IsCancellationRequested ? Last : number;
            switch (await bucket.UpdateAsync(key, Value(number), revision, BusHeaders.None, Stop))
            {
                case PutOutcome.Stored stored:
                    revision = stored.Revision;
                    written = number == Last ? revision : 0;
                    break;
                case PutOutcome.Conflict conflict:
                    revision = conflict.CurrentRevision;
                    break;
                default:
                    failed++;
                    await Task.Delay(10, Stop);
                    break;
            }
        }

        return failed;
    }

    private static NatsOptions Impatient(string url) => NatsOptions.For(url) with
    {
        PingInterval = TimeSpan.FromMilliseconds(100),
        ReconnectCap = TimeSpan.FromMilliseconds(200),
        PublishWait = TimeSpan.FromMilliseconds(300),
        JetStream = Buses.JetStream with { RequestTimeout = TimeSpan.FromMilliseconds(300) },
    };

    private static async Task<NatsBus> OpenAsync(NatsOptions options)
    {
        var bus = await Buses.ConnectAsync(options);
        await Buses.Admin(bus).EnsureBucketAsync(new BucketSettings { Name = "things" }, Stop);
        return bus;
    }

    private static byte[] Value(int number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static int Number(ReadOnlyMemory<byte> value) => int.Parse(value.Span, CultureInfo.InvariantCulture);

    private static ulong Revision(PutOutcome outcome) => outcome.ShouldBeOfType<PutOutcome.Stored>(outcome.ToString()).Revision;
}
