using System.Collections.Immutable;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

public sealed class WritingTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SqliteStoreOptions Options => StoreFactory.At(folder.File("fleet.db"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Write_OnAFullDisk_IsUnavailableAndReadsGoOn()
    {
        await using var store = StoreFactory.Open(Options with { MaxFileBytes = 400_000 });
        var stored = new List<string>();
        StoreOutcome<Device> outcome;
        for (var i = 0; ; i++)
        {
            outcome = await store.CreateAsync(ResourceTypes.Devices, Pi($"pi-{i}", 10_000), Stop);
            if (outcome is not StoreOutcome<Device>.Ok)
            {
                break;
            }

            stored.Add($"pi-{i}");
        }

        outcome.ShouldBeOfType<StoreOutcome<Device>.Unavailable>().Reason.ShouldContain("full: make room");
        stored.Count.ShouldBeGreaterThan(3);
        var list = (await store.ListAsync(ResourceTypes.Devices, ListOptions.All, Stop)).ShouldBeOfType<ListOutcome<Device>.Ok>().List;
        list.Items.Select(item => item.Metadata.Name).ShouldBe(stored.Order(StringComparer.Ordinal));
        list.Metadata.ResourceVersion.ShouldBe($"{stored.Count}");
    }

    [Fact]
    public async Task Write_AfterADiskWasFull_GoesOnWithoutAGap()
    {
        await using (var store = StoreFactory.Open(Options with { MaxFileBytes = 400_000 }))
        {
            while (await store.CreateAsync(ResourceTypes.Devices, Pi($"pi-{Guid.NewGuid():N}", 10_000), Stop) is StoreOutcome<Device>.Ok)
            {
            }

            await Should.NotThrowAsync(() => store.GetAsync(ResourceTypes.Devices, new ResourceKey(null, "pi"), Stop));
        }

        await using var roomy = StoreFactory.Open(Options);
        var list = (await roomy.ListAsync(ResourceTypes.Devices, ListOptions.All, Stop)).ShouldBeOfType<ListOutcome<Device>.Ok>().List;
        var next = (await roomy.CreateAsync(ResourceTypes.Devices, Pi("pi-new", 10), Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>().Resource;
        next.Metadata.ResourceVersion.ShouldBe($"{list.Items.Length + 1}");
    }

    [Fact]
    public async Task Write_WhileAnotherProgramLocksTheDatabase_IsUnavailableAndThenGoesOn()
    {
        await using var store = StoreFactory.Open(Options);
        using (var other = DatabaseFile.Connect(Options.Path))
        {
            SchemaGuard.Execute(other, "BEGIN IMMEDIATE");
            (await store.CreateAsync(ResourceTypes.Devices, Pi("pi-1"), Stop)).ShouldBeOfType<StoreOutcome<Device>.Unavailable>().Reason.ShouldContain("another program");
            SchemaGuard.Execute(other, "ROLLBACK");
        }

        (await store.CreateAsync(ResourceTypes.Devices, Pi("pi-1"), Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
    }

    [Fact]
    public async Task Write_OfManyAtOnce_StoresAllWithAVersionEach()
    {
        await using var store = StoreFactory.Open(Options);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(i => store.CreateAsync(ResourceTypes.Devices, Pi($"pi-{i}"), Stop)));

        var versions = outcomes.Select(outcome => long.Parse(outcome.ShouldBeOfType<StoreOutcome<Device>.Ok>().Resource.Metadata.ResourceVersion!, null));
        versions.Order().ShouldBe(Enumerable.Range(1, 2_000).Select(i => (long)i));
    }

    [Fact]
    public async Task Write_WhoseCallerGaveUpBefore_IsNotDone()
    {
        await using var store = StoreFactory.Open(Options);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => store.CreateAsync(ResourceTypes.Devices, Pi("pi-1"), stop.Token));

        (await store.GetAsync(ResourceTypes.Devices, new ResourceKey(null, "pi-1"), Stop)).ShouldBeOfType<StoreOutcome<Device>.NotFound>();
    }

    [Fact]
    public async Task Calls_OnAClosedStore_AreUnavailable()
    {
        var store = StoreFactory.Open(Options);
        await store.DisposeAsync();

        (await store.CreateAsync(ResourceTypes.Devices, Pi("pi-1"), Stop)).ShouldBeOfType<StoreOutcome<Device>.Unavailable>();
        (await store.GetAsync(ResourceTypes.Devices, new ResourceKey(null, "pi-1"), Stop)).ShouldBeOfType<StoreOutcome<Device>.Unavailable>();
        (await store.ListAsync(ResourceTypes.Devices, ListOptions.All, Stop)).ShouldBeOfType<ListOutcome<Device>.Unavailable>();
        await Should.ThrowAsync<IOException>(() => store.BeginTermAsync(Stop));
    }

    [Fact]
    public async Task StoredJson_ThatIsNotReadable_IsUnavailableAndStopsNothingElse()
    {
        await using var store = StoreFactory.Open(Options);
        var pi = (await store.CreateAsync(ResourceTypes.Devices, Pi("pi-1"), Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>().Resource;
        using (var other = DatabaseFile.Connect(Options.Path))
        {
            SchemaGuard.Execute(other, "UPDATE parts SET body = x'7b' WHERE id = (SELECT spec FROM resources WHERE name = 'pi-1')");
        }

        (await store.GetAsync(ResourceTypes.Devices, new ResourceKey(null, "pi-1"), Stop)).ShouldBeOfType<StoreOutcome<Device>.Unavailable>();
        (await store.UpdateAsync(ResourceTypes.Devices, pi, Stop)).ShouldBeOfType<StoreOutcome<Device>.Unavailable>();
        (await store.CreateAsync(ResourceTypes.Devices, Pi("pi-2"), Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
    }

    [Fact]
    public async Task Write_ThatIsABug_FailsAloneAmongItsNeighbours()
    {
        await using var store = StoreFactory.Open(Options);
        var broken = ResourceTypes.Devices with { WithMetadata = (_, _) => throw new InvalidOperationException("a bug") };

        var writes = Enumerable.Range(0, 200).Select(i => store.CreateAsync(i == 77 ? broken : ResourceTypes.Devices, Pi($"pi-{i}"), Stop));
        var outcomes = await Task.WhenAll(writes);

        outcomes[77].ShouldBeOfType<StoreOutcome<Device>.Unavailable>().Reason.ShouldContain("a bug");
        outcomes.Count(outcome => outcome is StoreOutcome<Device>.Ok).ShouldBe(199);
        var list = (await store.ListAsync(ResourceTypes.Devices, ListOptions.All, Stop)).ShouldBeOfType<ListOutcome<Device>.Ok>().List;
        list.Metadata.ResourceVersion.ShouldBe("199");
    }

    [Fact]
    public async Task Terms_OfEveryLife_Grow()
    {
        await using (var store = StoreFactory.Open(Options))
        {
            (await store.BeginTermAsync(Stop)).ShouldBe(1);
            (await store.BeginTermAsync(Stop)).ShouldBe(2);
        }

        await using var again = StoreFactory.Open(Options);
        (await again.BeginTermAsync(Stop)).ShouldBe(3);
    }

    [Fact]
    public async Task Terms_ByManyAtOnce_Differ()
    {
        await using var store = StoreFactory.Open(Options);

        (await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => store.BeginTermAsync(Stop)))).ShouldBeUnique();
    }

    private static Device Pi(string name, int bytes = 10) => new()
    {
        Metadata = new ObjectMeta { Name = name, Annotations = ImmutableSortedDictionary<string, string>.Empty.Add("a", new string('x', bytes)) },
    };
}
