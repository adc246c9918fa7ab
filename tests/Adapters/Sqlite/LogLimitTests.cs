using System.Collections.Immutable;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>The write-ahead log stays within its limit, whoever reads.</summary>
public sealed class LogLimitTests : IDisposable
{
    private const int Limit = 1024 * 1024;
    private const int Devices = 80;
    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Database => folder.File("fleet.db");

    private long LogBytes => new FileInfo(Database + "-wal").Length;

    public void Dispose() => folder.Dispose();

    /// <summary>There is no moment in which nobody reads: SQLite alone never begins the log anew.</summary>
    [Fact]
    public async Task Log_WhileOneListFollowsAnother_IsBroughtDown_AndNothingOfItIsLost()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Database) with { MaxLogBytes = Limit });
        for (var number = 0; number < Devices; number++)
        {
            (await store.CreateAsync(ResourceTypes.Devices, Device(number, 0), Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var reading = Enumerable.Range(0, 2).Select(_ => Task.Run(() => ListAsync(store, ending.Token), Stop)).ToArray();
        for (var round = 1; round <= 3; round++)
        {
            await WriteAsync(store, round);
            await Eventually.HoldsAsync(() => LogBytes <= Limit, "the log is within its limit while others read");
        }

        await ending.CancelAsync();
        await Task.WhenAll(reading);
        var all = (await store.ListAsync(ResourceTypes.Devices, new(), Stop)).ShouldBeOfType<ListOutcome<Device>.Ok>().List.Items;
        all.Length.ShouldBe(Devices);
        all.ShouldAllBe(device => device.Metadata.Annotations["note"].StartsWith("3 ", StringComparison.Ordinal));
    }

    /// <summary>The API reads one long list fewer at once than there are processors: on a large machine they took all places, and everything else waited behind them.</summary>
    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 8)]
    [InlineData(8, 12)]
    [InlineData(64, 68)]
    public void Places_AreMoreThanLongListsTake(int processors, int places) => ReaderPool.SizeOn(processors).ShouldBe(places);

    [Fact]
    public async Task Pause_WaitsForWhoReads_AndKeepsOthersWaitingUntilTheyMayAgain()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Database));
        using var pool = new ReaderPool(() => DatabaseFile.ConnectForReading(Database), 8);
        using var goes = new ManualResetEventSlim();
        var running = Task.Run(() => pool.ReadAsync(_ => goes.Wait(TimeSpan.FromMinutes(1)), Stop), Stop);
        await Eventually.HoldsAsync(() => pool.Running == 1, "one reads");

        (await pool.PauseAsync(TimeSpan.Zero)).ShouldBeFalse("one reads");
        (await pool.ReadAsync(_ => true, Stop)).ShouldBeTrue("nobody is kept waiting by what was in vain");

        var pause = pool.PauseAsync(TimeSpan.FromMinutes(1));
        var later = pool.ReadAsync(_ => true, Stop);
        pause.IsCompleted.ShouldBeFalse();
        goes.Set();
        (await pause).ShouldBeTrue();
        (await running).ShouldBeTrue();
        later.IsCompleted.ShouldBeFalse();

        pool.Resume();
        (await later).ShouldBeTrue();
    }

    private static async Task ListAsync(SqliteStore store, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            (await store.ListAsync(ResourceTypes.Devices, new(), CancellationToken.None)).ShouldBeOfType<ListOutcome<Device>.Ok>().List.Items.Length.ShouldBe(Devices);
        }
    }

    private static Task WriteAsync(SqliteStore store, int round) => Parallel.ForAsync(
        0,
        Devices,
        Stop,
        async (number, stop) =>
        {
            var now = (await store.GetAsync(ResourceTypes.Devices, new(null, $"pi-{number}"), stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>().Resource;
            var next = Device(number, round);
            (await store.UpdateAsync(ResourceTypes.Devices, now with { Metadata = now.Metadata with { Annotations = next.Metadata.Annotations } }, stop))
                .ShouldBeOfType<StoreOutcome<Device>.Ok>();
        });

    private static Device Device(int number, int round) => new()
    {
        Metadata = new()
        {
            Name = $"pi-{number}",
            Annotations = ImmutableSortedDictionary<string, string>.Empty.Add("note", $"{round} {new string('x', 20_000)}"),
        },
    };
}
