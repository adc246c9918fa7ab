using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Conformance;

public abstract partial class ResourceStoreConformance
{
    [Fact]
    public async Task Update_OfTheSpec_GrowsTheGeneration()
    {
        var created = await CreatedAsync(Web());

        var updated = Done(await Store.UpdateAsync(Deployments, WithImage(created, "web:2"), Stop));

        updated.Metadata.Generation.ShouldBe(2);
        updated.Metadata.ResourceVersion.ShouldNotBe(created.Metadata.ResourceVersion);
        updated.Metadata.Uid.ShouldBe(created.Metadata.Uid);
        updated.Metadata.CreationTimestamp.ShouldBe(created.Metadata.CreationTimestamp);
        Image(updated).ShouldBe("web:2");
        ShouldBeSame(await StoredAsync(Deployments, created), updated);
    }

    [Fact]
    public async Task Update_OfLabelsAlone_KeepsTheGeneration()
    {
        var created = await CreatedAsync(Pi("pi-1"));

        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("site", "a");
        var updated = Done(await Store.UpdateAsync(Devices, created with { Metadata = created.Metadata with { Labels = labels } }, Stop));

        updated.Metadata.Generation.ShouldBe(1);
        updated.Metadata.ResourceVersion.ShouldNotBe(created.Metadata.ResourceVersion);
        updated.Metadata.Labels.ShouldBe(labels);
    }

    [Fact]
    public async Task Update_WithoutADifference_WritesNothing()
    {
        var created = await CreatedAsync(Web());

        var updated = Done(await Store.UpdateAsync(Deployments, created, Stop));

        ShouldBeSame(updated, created);
        (await ListedAsync(Deployments)).Items.ShouldHaveSingleItem().Metadata.ResourceVersion.ShouldBe(created.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Update_OfAnOldVersion_Conflicts()
    {
        var created = await CreatedAsync(Web());
        var second = Done(await Store.UpdateAsync(Deployments, WithImage(created, "web:2"), Stop));

        (await Store.UpdateAsync(Deployments, WithImage(created, "web:3"), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();

        ShouldBeSame(await StoredAsync(Deployments, created), second);
    }

    [Fact]
    public async Task Update_OfAnOldVersionWithoutADifference_Conflicts()
    {
        var created = await CreatedAsync(Web());
        await Store.UpdateAsync(Deployments, WithImage(created, "web:2"), Stop);

        var same = WithImage(created, "web:2");
        (await Store.UpdateAsync(Deployments, same, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();
    }

    [Fact]
    public async Task Update_WithoutAVersion_IsInvalid()
    {
        var created = await CreatedAsync(Web());

        var blind = WithImage(created, "web:2") with { Metadata = created.Metadata with { ResourceVersion = null } };
        (await Store.UpdateAsync(Deployments, blind, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Invalid>().Reason.ShouldContain("metadata.resourceVersion");

        ShouldBeSame(await StoredAsync(Deployments, created), created);
    }

    [Fact]
    public async Task Update_OfOneVersionByMany_SucceedsOnce()
    {
        var created = await CreatedAsync(Web());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Store.UpdateAsync(Deployments, WithImage(created, $"web:1{i}"), Stop)));

        outcomes.Count(outcome => outcome is StoreOutcome<Deployment>.Ok).ShouldBe(1);
        outcomes.Count(outcome => outcome is StoreOutcome<Deployment>.Conflict).ShouldBe(19);
    }

    [Fact]
    public async Task Update_OfNothing_IsNotFound() =>
        (await Store.UpdateAsync(Deployments, Web(), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.NotFound>();

    [Fact]
    public async Task Update_OfAnotherUid_Conflicts()
    {
        var first = await CreatedAsync(Web());
        Done(await Store.DeleteAsync(Deployments, ResourceKey.Of(first.Metadata), DeletePreconditions.None, Stop));
        var second = await CreatedAsync(Web());

        var late = WithImage(first, "web:2") with { Metadata = first.Metadata with { ResourceVersion = second.Metadata.ResourceVersion } };
        (await Store.UpdateAsync(Deployments, late, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();
    }

    [Fact]
    public async Task Update_KeepsTheStatus()
    {
        var created = await CreatedAsync(Web());
        var observed = Done(await StatusAsync(created, Succeeded(2)));

        var updated = Done(await Store.UpdateAsync(Deployments, WithImage(observed, "web:2") with { Status = Succeeded(9) }, Stop));

        updated.Status!.Aggregate.Succeeded.ShouldBe(2);
    }

    [Fact]
    public async Task Update_CannotChangeWhatIsTheStores()
    {
        var created = await CreatedAsync(Web());
        var forged = created.Metadata with { Generation = 99, CreationTimestamp = DateTimeOffset.UnixEpoch, DeletionTimestamp = DateTimeOffset.UnixEpoch };

        ShouldBeSame(Done(await Store.UpdateAsync(Deployments, created with { Metadata = forged }, Stop)), created);
    }
}
