using System.Collections.Immutable;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>Pages of a list that others write in between.</summary>
public sealed class PagingTests : IDisposable
{
    private const int Devices = 60;
    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Database => folder.File("fleet.db");

    public void Dispose() => folder.Dispose();

    /// <summary>Whatever was changed, removed, made again or made newly, and however often.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Pages_ShowTheStoreAsTheFirstOneFoundIt(int seed)
    {
        var random = new Random(seed);
        await using var store = StoreFactory.Open(StoreFactory.At(Database));
        await ChangeAsync(store, random, 200);
        var expected = await PageAsync(store, 0, null);
        var (seen, token) = (new List<Device>(), (string?)null);
        do
        {
            var page = await PageAsync(store, 7, token);
            seen.AddRange(page.Items);
            token = page.Metadata.Continue;
            await ChangeAsync(store, random, 50);
        }
        while (token is not null);

        seen.Select(Text).ShouldBe(expected.Items.Select(Text));
    }

    private static string Text(Device device) => $"{device.Metadata.Name} {device.Metadata.Annotations["note"]}";

    private static async Task ChangeAsync(SqliteStore store, Random random, int times)
    {
        for (var time = 0; time < times; time++)
        {
            var number = random.Next(Devices);
            if (await store.GetAsync(ResourceTypes.Devices, Key(number), Stop) is not StoreOutcome<Device>.Ok)
            {
                await CreateAsync(store, number, time);
            }
            else if (random.Next(3) == 0)
            {
                (await store.DeleteAsync(ResourceTypes.Devices, Key(number), DeletePreconditions.None, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
            }
            else
            {
                await UpdateAsync(store, number, time);
            }
        }
    }

    private static async Task CreateAsync(SqliteStore store, int number, int note) =>
        (await store.CreateAsync(ResourceTypes.Devices, new Device { Metadata = new() { Name = Key(number).Name, Annotations = Notes(note) } }, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();

    private static async Task UpdateAsync(SqliteStore store, int number, int note)
    {
        var now = (await store.GetAsync(ResourceTypes.Devices, Key(number), Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>().Resource;
        (await store.UpdateAsync(ResourceTypes.Devices, now with { Metadata = now.Metadata with { Annotations = Notes(note) } }, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
    }

    private static async Task<ResourceList<Device>> PageAsync(SqliteStore store, int limit, string? token) =>
        (await store.ListAsync(ResourceTypes.Devices, new ListOptions { Limit = limit, Continue = token }, Stop)).ShouldBeOfType<ListOutcome<Device>.Ok>().List;

    private static ResourceKey Key(int number) => new(null, $"pi-{number:D3}");

    private static ImmutableSortedDictionary<string, string> Notes(int note) => ImmutableSortedDictionary<string, string>.Empty.Add("note", $"{note}");
}
