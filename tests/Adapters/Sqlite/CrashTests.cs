using System.Globalization;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

[Trait("Category", "Integration")]
public sealed class CrashTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Path => folder.File("fleet.db");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(700)]
    [InlineData(3_000)]
    public async Task Writer_KilledInMidStream_LosesNothingThatItAcknowledged(int afterLines)
    {
        var lines = new List<string>();
        for (var life = 0; life < 2; life++)
        {
            await using var writer = StoreWriter.Start(Path, $"life{life}");
            await Eventually.HoldsAsync(() => writer.Lines.Count > afterLines, "the writer writes");
            await writer.KillAsync();
            lines.AddRange(writer.Lines);
        }

        await using var store = StoreFactory.Open(StoreFactory.At(Path));
        var kept = (await store.ListAsync(ResourceTypes.Devices, ListOptions.All, Stop)).ShouldBeOfType<ListOutcome<Device>.Ok>().List;
        ShouldHold(kept, lines);
        (await store.BeginTermAsync(Stop)).ShouldBe(3);
    }

    [Fact]
    public async Task Log_AfterAKill_HasNoGapAndAgreesWithTheResources()
    {
        await using (var writer = StoreWriter.Start(Path, "pi"))
        {
            await Eventually.HoldsAsync(() => writer.Lines.Count > 2_000, "the writer writes");
            await writer.KillAsync();
        }

        await using var store = StoreFactory.Open(StoreFactory.At(Path));
        var list = (await store.ListAsync(ResourceTypes.Devices, ListOptions.All, Stop)).ShouldBeOfType<ListOutcome<Device>.Ok>().List;
        var now = long.Parse(list.Metadata.ResourceVersion!, CultureInfo.InvariantCulture);
        await using var watch = new WatchProbe<Device>(
            store.WatchAsync(ResourceTypes.Devices, new WatchOptions { ResourceVersion = (now - 400).ToString(CultureInfo.InvariantCulture) }, Stop));
        var last = new Dictionary<string, Device?>(StringComparer.Ordinal);
        for (var version = now - 399; version <= now; version++)
        {
            var (device, gone) = await watch.NextChangeAsync();
            device.Metadata.ResourceVersion.ShouldBe(version.ToString(CultureInfo.InvariantCulture));
            last[device.Metadata.Name] = gone ? null : device;
        }

        foreach (var (name, device) in last)
        {
            list.Items.FirstOrDefault(item => item.Metadata.Name == name)?.Metadata.ResourceVersion.ShouldBe(device?.Metadata.ResourceVersion);
            list.Items.Any(item => item.Metadata.Name == name).ShouldBe(device is not null);
        }
    }

    [Fact]
    public async Task Store_HeldByAnotherProcess_IsRefusedWithItsPidUntilThatDies()
    {
        await using var writer = StoreWriter.Start(Path, "pi");
        await Eventually.HoldsAsync(() => !writer.Lines.IsEmpty, "the writer holds the store");

        var refused = StoreFactory.Refused(StoreFactory.At(Path));

        refused.Cause.ShouldBe(OpenRefusal.Held);
        refused.Reason.ShouldContain($"process {writer.Id}");
        await writer.KillAsync();
        await StoreFactory.Open(StoreFactory.At(Path)).DisposeAsync();
    }

    [Fact]
    public async Task SecondProcess_OnAHeldStore_SaysWhoHoldsItAndEnds()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Path));
        await using var second = StoreWriter.Start(Path, "pi");

        (await second.EndAsync()).ShouldBe(3);

        second.Lines.ShouldHaveSingleItem().ShouldContain($"process {Environment.ProcessId}");
    }

    /// <summary>Every acknowledged write is there. What was under way at the kill may be there as well, one for each of 16 writers of a life.</summary>
    private static void ShouldHold(ResourceList<Device> kept, List<string> lines)
    {
        var said = lines.Select(line => line.Split(' ')).ToLookup(words => words[0], words => words);
        var deleted = said["deleted"].Select(words => words[1]).ToHashSet(StringComparer.Ordinal);
        var versions = said["updated"].ToDictionary(words => words[1], words => words[2], StringComparer.Ordinal);
        var there = kept.Items.ToDictionary(item => item.Metadata.Name, StringComparer.Ordinal);
        deleted.Where(there.ContainsKey).ShouldBeEmpty();
        var missing = said["created"].Select(words => words[1]).Where(name => !deleted.Contains(name) && !there.ContainsKey(name)).ToList();
        missing.ShouldAllBe(name => name.EndsWith('0') || name.EndsWith('5'), "only a delete under way can have taken a resource");
        missing.Count.ShouldBeLessThanOrEqualTo(32);
        foreach (var (name, version) in versions.Where(pair => there.ContainsKey(pair.Key)))
        {
            there[name].Metadata.ResourceVersion.ShouldBe(version);
        }
    }
}
