using System.Collections.Immutable;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>What a write of a status leaves in the file: the status once, and rows that refer to the rest; and that nothing is left behind when it is forgotten.</summary>
public sealed class StatusWriteTests : IDisposable
{
    private const int Large = 100_000;
    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SqliteStoreOptions Options => StoreFactory.At(folder.File("fleet.db"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task PatchStatus_OfALargeResource_StoresTheStatusAlone()
    {
        await using var store = StoreFactory.Open(Options);
        var before = (await CreateAsync(store, "web"), Bytes: Number("SELECT SUM(LENGTH(body)) FROM parts"));
        before.Bytes.ShouldBeGreaterThan(Large);

        await PatchAsync(store, before.Item1, 100);

        Number("SELECT COUNT(*) FROM parts").ShouldBe(2 + 100);
        Number("SELECT COUNT(*) FROM events").ShouldBe(1 + 100);
        (Number("SELECT SUM(LENGTH(body)) FROM parts") - before.Bytes).ShouldBe(Number("SELECT SUM(bytes) FROM events WHERE version > 1"));
        Number("SELECT MAX(bytes) FROM events WHERE version > 1").ShouldBeLessThan(200);
    }

    [Fact]
    public async Task Parts_ThatNothingNamesAnyMore_AreForgottenWithTheirEvents()
    {
        await using var store = StoreFactory.Open(Options with { MaxEvents = 50 });
        var web = await CreateAsync(store, "web", "example.com/held");
        web = await PatchAsync(store, web, 200);
        web = Done(await store.UpdateAsync(ResourceTypes.Deployments, web with { Spec = new() { TargetSelector = new() } }, Stop));
        await CreateAsync(store, "gone");
        Done(await store.DeleteAsync(ResourceTypes.Deployments, new("plant", "gone"), DeletePreconditions.None, Stop));
        var leaving = await CreateAsync(store, "leaving", "example.com/held");
        leaving = Done(await store.DeleteAsync(ResourceTypes.Deployments, ResourceKey.Of(leaving.Metadata), DeletePreconditions.None, Stop));
        var last = leaving with { Spec = new() { TargetSelector = new() }, Metadata = leaving.Metadata with { Finalizers = [] } };
        Done(await store.UpdateAsync(ResourceTypes.Deployments, last, Stop));

        await PatchAsync(store, web, 200);

        Number("SELECT COUNT(*) FROM events").ShouldBeLessThanOrEqualTo(50);
        Number("SELECT COUNT(*) FROM resources").ShouldBe(1);
        Number(
            """
            SELECT COUNT(*) FROM parts WHERE id NOT IN (
                SELECT metadata FROM resources UNION SELECT spec FROM resources UNION SELECT status FROM resources
                UNION SELECT was_metadata FROM events WHERE was_metadata IS NOT NULL UNION SELECT was_spec FROM events WHERE was_spec IS NOT NULL
                UNION SELECT was_status FROM events WHERE was_status IS NOT NULL)
            """).ShouldBe(0, "parts that nothing names");
        Number("SELECT COUNT(*) FROM events e LEFT JOIN parts p ON p.id = e.spec WHERE p.id IS NULL").ShouldBe(0, "events without their spec");
        (await store.ListAsync(ResourceTypes.Deployments, ListOptions.All, Stop)).ShouldBeOfType<ListOutcome<Deployment>.Ok>().List.Items.ShouldHaveSingleItem();
    }

    private long Number(string sql)
    {
        using var connection = DatabaseFile.ConnectForReading(Options.Path);
        return SchemaGuard.Number(connection, sql);
    }

    private static async Task<Deployment> CreateAsync(SqliteStore store, string name, params ImmutableArray<string> finalizers) => Done(await store.CreateAsync(
        ResourceTypes.Deployments,
        new Deployment
        {
            Metadata = new() { Name = name, Namespace = "plant", Finalizers = finalizers },
            Spec = new() { Score = new() { PodmanV0 = new() { Containers = [new() { Name = "main", Image = "web:1", Args = [new string('x', Large)] }] } } },
        },
        Stop));

    private static async Task<Deployment> PatchAsync(SqliteStore store, Deployment seen, int times)
    {
        for (var i = 1; i <= times; i++)
        {
            var status = new DeploymentStatus { Aggregate = new() { Succeeded = (seen.Status?.Aggregate.Succeeded ?? 0) + 1 } };
            seen = Done(await store.PatchStatusAsync(ResourceTypes.Deployments, ResourceRevision.Of(seen.Metadata), status, Stop));
        }

        return seen;
    }

    private static Deployment Done(StoreOutcome<Deployment> outcome) => outcome.ShouldBeOfType<StoreOutcome<Deployment>.Ok>().Resource;
}
