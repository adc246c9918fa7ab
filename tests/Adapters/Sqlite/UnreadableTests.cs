using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>What is damaged, or was written by another version, holds up nothing else and can be deleted.</summary>
public sealed class UnreadableTests : IAsyncLifetime
{
    private static readonly ResourceKey Web = new("plant", "web-2");
    private readonly TempFolder folder = new();
    private SqliteStore store = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = StoreFactory.Open(StoreFactory.At(folder.File("fleet.db")));
        foreach (var number in Enumerable.Range(1, 4))
        {
            var metadata = new ObjectMeta { Name = $"web-{number}", Namespace = "plant", Finalizers = ["example.com/held"] };
            (await store.CreateAsync(ResourceTypes.Deployments, new Deployment { Metadata = metadata }, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("x'7b'", "cut")]
    [InlineData("x'7b226d65746164617461223a7b226e616d65223a22ff227d7d'", "no UTF-8")]
    [InlineData("x'7b226d65746164617461223a7b2267656e65726174696f6e223a226f6e65227d7d'", "another version's: a generation that is a text")]
    [InlineData("x'6e756c6c'", "null")]
    [InlineData("CAST(REPLACE(CAST(body AS TEXT), 'web-2', 'web-9') AS BLOB)", "another name")]
    public async Task List_TellsItBesideTheOthers(string body, string what)
    {
        Spoil(body);

        var page = await PageAsync(new ListOptions());

        Names(page).ShouldBe(["web-1", "web-3", "web-4"], what);
        page.Unreadable.ShouldHaveSingleItem().Key.ShouldBe(Web);
        page.Unreadable[0].Reason.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(1, "web-1 !web-2|web-3|web-4")]
    [InlineData(2, "web-1 web-3 !web-2|web-4")]
    public async Task List_InPages_TellsItOnce(int limit, string expected)
    {
        Spoil();
        var (pages, next) = (new List<string>(), (string?)null);
        do
        {
            var page = await PageAsync(new ListOptions { Limit = limit, Continue = next });
            pages.Add(string.Join(' ', [.. Names(page), .. page.Unreadable.Select(one => $"!{one.Key.Name}")]));
            next = page.List.Metadata.Continue;
        }
        while (next is not null);

        string.Join('|', pages).ShouldBe(expected);
    }

    [Fact]
    public async Task Watch_LeavesItOutAndGoesOn()
    {
        Spoil();
        using (var other = DatabaseFile.Connect(folder.File("fleet.db")))
        {
            SchemaGuard.Execute(other, "UPDATE events SET body = x'7b' WHERE name = 'web-2'");
        }

        (await WatchAsync(null, 3)).ShouldBe(["web-1", "web-3", "web-4"]);
        (await WatchAsync("0", 3)).ShouldBe(["web-1", "web-3", "web-4"]);
    }

    [Fact]
    public async Task Delete_RemovesItAtOnceAndTellsWatches()
    {
        Spoil();

        var deleted = (await store.DeleteAsync(ResourceTypes.Deployments, Web, DeletePreconditions.None, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>().Resource;

        ResourceKey.Of(deleted.Metadata).ShouldBe(Web);
        (await store.GetAsync(ResourceTypes.Deployments, Web, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.NotFound>();
        (await PageAsync(new ListOptions())).Unreadable.ShouldBeEmpty();
        await foreach (var happened in store.WatchAsync(ResourceTypes.Deployments, new WatchOptions { ResourceVersion = "4" }, Stop))
        {
            ResourceKey.Of(happened.ShouldBeOfType<WatchEvent<Deployment>.Deleted>().Resource.Metadata).ShouldBe(Web);
            break;
        }
    }

    [Fact]
    public async Task Delete_OfACertainOne_IsAConflict()
    {
        Spoil();

        (await store.DeleteAsync(ResourceTypes.Deployments, Web, new DeletePreconditions(Uid: "u"), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();
        (await store.DeleteAsync(ResourceTypes.Deployments, Web, new DeletePreconditions(ResourceVersion: "2"), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();
    }

    private void Spoil(string body = "x'7b'")
    {
        using var other = DatabaseFile.Connect(folder.File("fleet.db"));
        SchemaGuard.Execute(other, $"UPDATE resources SET body = {body} WHERE name = 'web-2'");
    }

    private async Task<ListOutcome<Deployment>.Ok> PageAsync(ListOptions options) =>
        (await store.ListAsync(ResourceTypes.Deployments, options, Stop)).ShouldBeOfType<ListOutcome<Deployment>.Ok>();

    private static IEnumerable<string> Names(ListOutcome<Deployment>.Ok page) => page.List.Items.Select(item => item.Metadata.Name);

    private async Task<List<string>> WatchAsync(string? version, int count)
    {
        var names = new List<string>();
        await foreach (var happened in store.WatchAsync(ResourceTypes.Deployments, new WatchOptions { ResourceVersion = version }, Stop))
        {
            names.Add(happened.ShouldBeOfType<WatchEvent<Deployment>.Added>().Resource.Metadata.Name);
            if (names.Count == count)
            {
                break;
            }
        }

        return names;
    }
}
