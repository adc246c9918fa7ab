using System.Collections.Immutable;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Adapters.Sqlite.Reading;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>What a page costs, in steps of SQLite's virtual machine: what its own resources are, and were, and not what was written to all others since the list began.</summary>
public sealed class PageCostTests : IDisposable
{
    private const int Devices = 1000;
    private const int Page = 10;
    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Database => folder.File("fleet.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Page_CostsNoMore_HoweverMuchIsWrittenToOthers()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Database));
        await WriteAsync(store, 0..Devices, "first");
        var begun = await PageAsync(store, null);
        var steps = new List<long>();
        foreach (var times in (int[])[1, 3])
        {
            for (var time = 0; time < times; time++)
            {
                await WriteAsync(store, (3 * Page)..Devices, $"{times} {time}");
            }

            // Its own change comes after those of all others: who looks for it among all finds it last.
            await WriteAsync(store, Page..(2 * Page), $"{times}");
            steps.Add(Steps(begun.Metadata.Continue!));
        }

        steps[1].ShouldBeLessThan(2 * steps[0], "3 times as much was written since");
        (await PageAsync(store, begun.Metadata.Continue)).Items.Select(device => device.Metadata.Annotations["note"]).Distinct().ShouldBe(["first"]);
    }

    [Fact]
    public async Task Page_CostsNoMore_HoweverManyOthersAreRemoved()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Database));
        await WriteAsync(store, 0..Devices, "first");
        var begun = await PageAsync(store, null);
        var steps = new List<long>();
        foreach (var some in (Range[])[900..Devices, (3 * Page)..900])
        {
            await Task.WhenAll(Enumerable.Range(0, Devices).Take(some).Select(async number =>
                (await store.DeleteAsync(ResourceTypes.Devices, Key(number), DeletePreconditions.None, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>()));
            steps.Add(Steps(begun.Metadata.Continue!));
        }

        steps[1].ShouldBeLessThan(2 * steps[0], "9 times as many were removed since");
    }

    /// <summary>The steps that reading the page after <paramref name="token"/> takes.</summary>
    private long Steps(string token)
    {
        ContinueToken.TryParse(token, out var after).ShouldBeTrue();
        var selection = Selection<Device>.TryParse(ResourceTypes.Devices, null, null, out _).ShouldNotBeNull();
        using var connection = DatabaseFile.ConnectForReading(Database);
        var steps = 0L;
        SQLitePCL.raw.sqlite3_progress_handler(
            connection.Handle,
            1,
            _ =>
            {
                steps++;
                return 0;
            },
            null);
        Pager.Page(connection, selection, Page, after).ShouldBeOfType<ListOutcome<Device>.Ok>().List.Items.Length.ShouldBe(Page);
        steps.ShouldBeGreaterThan(Page);
        return steps;
    }

    private static Task WriteAsync(SqliteStore store, Range numbers, string note) => Task.WhenAll(Enumerable.Range(0, Devices).Take(numbers).Select(async number =>
    {
        var notes = ImmutableSortedDictionary<string, string>.Empty.Add("note", note);
        var outcome = await store.GetAsync(ResourceTypes.Devices, Key(number), Stop) is StoreOutcome<Device>.Ok { Resource: var present }
            ? await store.UpdateAsync(ResourceTypes.Devices, present with { Metadata = present.Metadata with { Annotations = notes } }, Stop)
            : await store.CreateAsync(ResourceTypes.Devices, new Device { Metadata = new() { Name = Key(number).Name, Annotations = notes } }, Stop);
        outcome.ShouldBeOfType<StoreOutcome<Device>.Ok>();
    }));

    private static async Task<ResourceList<Device>> PageAsync(SqliteStore store, string? token) =>
        (await store.ListAsync(ResourceTypes.Devices, new ListOptions { Limit = Page, Continue = token }, Stop)).ShouldBeOfType<ListOutcome<Device>.Ok>().List;

    private static ResourceKey Key(int number) => new(null, $"pi-{number:D4}");
}
