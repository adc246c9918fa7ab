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
            var made = (await store.CreateAsync(ResourceTypes.Deployments, new Deployment { Metadata = metadata }, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>().Resource;
            var status = new DeploymentStatus { ObservedGeneration = 1 };
            (await store.PatchStatusAsync(ResourceTypes.Deployments, ResourceRevision.Of(made.Metadata), status, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("spec", "x'7b'", "cut")]
    [InlineData("metadata", "x'7b'", "cut")]
    [InlineData("status", "x'7b'", "cut")]
    [InlineData("spec", "x''", "empty")]
    [InlineData("metadata", "x''", "empty")]
    [InlineData("status", "x''", "empty")]
    [InlineData("metadata", "x'7b226e616d65223a22ff227d'", "no UTF-8")]
    [InlineData("metadata", """CAST('{"name":"web-2","namespace":"plant","generation":"one"}' AS BLOB)""", "another version's: a generation that is a text")]
    [InlineData("metadata", "x'6e756c6c'", "null")]
    [InlineData("metadata", "CAST(REPLACE(CAST(body AS TEXT), 'web-2', 'web-9') AS BLOB)", "another name")]
    [InlineData("metadata", """CAST('{"name":"web-2","namespace":"plant","finalizers":[null]}' AS BLOB)""", "metadata.finalizers[0]")]
    [InlineData("metadata", """CAST('{"name":"web-2","namespace":"plant","labels":{"a":null}}' AS BLOB)""", "metadata.labels.a")]
    [InlineData("spec", """CAST('{"spec":{"score":{"PodmanV0":{"containers":[null]}}}}' AS BLOB)""", "spec.score.PodmanV0.containers[0]")]
    [InlineData("status", """CAST('{"conditions":[null]}' AS BLOB)""", "status.conditions[0]")]
    [InlineData("status", """CAST('{"conditions":[{"type":null,"status":"True"}]}' AS BLOB)""", "status.conditions[0].type")]
    public async Task List_TellsItBesideTheOthers(string part, string body, string what)
    {
        Spoil(part, body);

        var page = await PageAsync(new ListOptions());

        Names(page).ShouldBe(["web-1", "web-3", "web-4"], what);
        page.Unreadable.ShouldHaveSingleItem().Key.ShouldBe(Web);
        page.Unreadable[0].Reason.ShouldNotBeEmpty();
        if (what.Contains('.', StringComparison.Ordinal))
        {
            page.Unreadable[0].Reason.ShouldContain($"{what}: Required value");
        }
    }

    [Theory]
    [InlineData("metadata")]
    [InlineData("spec")]
    [InlineData("status")]
    public async Task List_OfOneWhosePartIsMissing_TellsItBesideTheOthers(string part)
    {
        using (var other = DatabaseFile.Connect(folder.File("fleet.db")))
        {
            SchemaGuard.Execute(other, $"DELETE FROM parts WHERE id = (SELECT {part} FROM resources WHERE name = 'web-2')");
        }

        var page = await PageAsync(new ListOptions());

        Names(page).ShouldBe(["web-1", "web-3", "web-4"]);
        page.Unreadable.ShouldHaveSingleItem().Key.ShouldBe(Web);
    }

    [Fact]
    public async Task Writes_ToIt_AreUnavailableAndChangeNothing()
    {
        var before = (await store.GetAsync(ResourceTypes.Deployments, Web, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>().Resource;
        var revision = ResourceRevision.Of(before.Metadata);
        Spoil("status", "x'7b'");
        Spoil("metadata", "x'7b'");

        (await store.UpdateAsync(ResourceTypes.Deployments, before, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Unavailable>().Reason.ShouldContain("not readable");
        (await store.PatchStatusAsync(ResourceTypes.Deployments, revision, new(), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Unavailable>().Reason.ShouldContain("not readable");
        (await store.PatchFinalizersAsync(ResourceTypes.Deployments, revision, [], Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Unavailable>().Reason.ShouldContain("not readable");
        (await PageAsync(new ListOptions())).List.Metadata.ResourceVersion.ShouldBe("8");
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
            SchemaGuard.Execute(other, "UPDATE parts SET body = x'7b' WHERE id IN (SELECT metadata FROM events WHERE name = 'web-2')");
        }

        (await WatchAsync(null, 3)).ShouldBe(["web-1", "web-3", "web-4"]);
        (await WatchAsync("0", 6)).ShouldBe(["web-1", "web-1", "web-3", "web-3", "web-4", "web-4"]);
    }

    [Fact]
    public async Task Delete_RemovesItAtOnceAndTellsWatches()
    {
        Spoil();

        var deleted = (await store.DeleteAsync(ResourceTypes.Deployments, Web, DeletePreconditions.None, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>().Resource;

        ResourceKey.Of(deleted.Metadata).ShouldBe(Web);
        (await store.GetAsync(ResourceTypes.Deployments, Web, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.NotFound>();
        (await PageAsync(new ListOptions())).Unreadable.ShouldBeEmpty();
        await foreach (var happened in store.WatchAsync(ResourceTypes.Deployments, new WatchOptions { ResourceVersion = "8" }, Stop))
        {
            ResourceKey.Of(happened.ShouldBeOfType<WatchEvent<Deployment>.Deleted>().Resource.Metadata).ShouldBe(Web);
            break;
        }
    }

    [Fact]
    public async Task Delete_OfAnotherUidOrVersion_IsAConflict()
    {
        Spoil();

        (await store.DeleteAsync(ResourceTypes.Deployments, Web, new DeletePreconditions(Uid: "u"), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();
        (await store.DeleteAsync(ResourceTypes.Deployments, Web, new DeletePreconditions(ResourceVersion: "3"), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();
        (await store.DeleteAsync(ResourceTypes.Deployments, Web, new DeletePreconditions(ResourceVersion: "4"), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>();
    }

    private void Spoil(string part = "spec", string body = "x'7b'")
    {
        using var other = DatabaseFile.Connect(folder.File("fleet.db"));
        SchemaGuard.Execute(other, $"UPDATE parts SET body = {body} WHERE id = (SELECT {part} FROM resources WHERE name = 'web-2')");
    }

    private async Task<ListOutcome<Deployment>.Ok> PageAsync(ListOptions options) =>
        (await store.ListAsync(ResourceTypes.Deployments, options, Stop)).ShouldBeOfType<ListOutcome<Deployment>.Ok>();

    private static IEnumerable<string> Names(ListOutcome<Deployment>.Ok page) => page.List.Items.Select(item => item.Metadata.Name);

    private async Task<List<string>> WatchAsync(string? version, int count)
    {
        var names = new List<string>();
        await foreach (var happened in store.WatchAsync(ResourceTypes.Deployments, new WatchOptions { ResourceVersion = version }, Stop))
        {
            names.Add((happened switch { WatchEvent<Deployment>.Added added => added.Resource, var other => other.ShouldBeOfType<WatchEvent<Deployment>.Modified>().Resource }).Metadata.Name);
            if (names.Count == count)
            {
                break;
            }
        }

        return names;
    }
}
