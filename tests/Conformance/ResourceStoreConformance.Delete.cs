using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Conformance;

public abstract partial class ResourceStoreConformance
{
    private const string Finalizer = "example.com/clean-up";

    [Fact]
    public async Task Delete_WithoutFinalizers_RemovesAtOnce()
    {
        var created = await CreatedAsync(Web());

        var deleted = Done(await Store.DeleteAsync(Deployments, ResourceKey.Of(created.Metadata), DeletePreconditions.None, Stop));

        deleted.Metadata.Uid.ShouldBe(created.Metadata.Uid);
        (await StoredAsync(Deployments, created)).ShouldBeNull();
        (await ListedAsync(Deployments)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_OfNothing_IsNotFound() =>
        (await DeletedAsync(Web())).ShouldBeOfType<StoreOutcome<Deployment>.NotFound>();

    [Fact]
    public async Task Delete_WithAFinalizer_SetsItsTimeAndGrowsTheGeneration()
    {
        var created = await CreatedAsync(Guarded());

        var deleted = Done(await DeletedAsync(created));

        deleted.Metadata.DeletionTimestamp.ShouldNotBeNull();
        deleted.Metadata.Generation.ShouldBe(2);
        ShouldBeSame(await StoredAsync(Deployments, created), deleted);
    }

    [Fact]
    public async Task Delete_Again_ChangesNothing()
    {
        var created = await CreatedAsync(Guarded());
        var deleted = Done(await DeletedAsync(created));

        ShouldBeSame(Done(await DeletedAsync(created)), deleted);
    }

    [Fact]
    public async Task Update_ThatRemovesTheLastFinalizer_Removes()
    {
        var created = await CreatedAsync(Guarded());
        var deleted = Done(await DeletedAsync(created));

        Done(await Store.UpdateAsync(Deployments, WithFinalizers(deleted), Stop)).Metadata.Finalizers.ShouldBeEmpty();

        (await StoredAsync(Deployments, created)).ShouldBeNull();
        (await CreatedAsync(Web())).Metadata.Uid.ShouldNotBe(created.Metadata.Uid);
    }

    [Fact]
    public async Task PatchFinalizers_ThatRemovesTheLastOne_Removes()
    {
        var deleted = Done(await DeletedAsync(await CreatedAsync(WithFinalizers(Web(), Finalizer, "example.com/other"))));

        var released = Done(await FinalizersAsync(deleted, "example.com/other"));
        ShouldBeSame(await StoredAsync(Deployments, deleted), released);
        Done(await FinalizersAsync(released)).Metadata.Finalizers.ShouldBeEmpty();

        (await StoredAsync(Deployments, deleted)).ShouldBeNull();
    }

    [Fact]
    public async Task PatchFinalizers_ThatAddsOneWhileDeleting_IsInvalid()
    {
        var deleted = Done(await DeletedAsync(await CreatedAsync(Guarded())));

        (await FinalizersAsync(deleted, Finalizer, "example.com/late")).ShouldBeOfType<StoreOutcome<Deployment>.Invalid>().Reason.ShouldContain("finalizers");
    }

    [Fact]
    public async Task PatchFinalizers_OfALivingResource_KeepsIt()
    {
        var created = await CreatedAsync(Guarded());

        Done(await FinalizersAsync(created)).Metadata.DeletionTimestamp.ShouldBeNull();

        (await StoredAsync(Deployments, created)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Update_ThatRemovesOneOfTwoFinalizers_Keeps()
    {
        var created = await CreatedAsync(WithFinalizers(Web(), Finalizer, "example.com/other"));
        var deleted = Done(await DeletedAsync(created));

        var updated = Done(await Store.UpdateAsync(Deployments, WithFinalizers(deleted, "example.com/other"), Stop));

        updated.Metadata.DeletionTimestamp.ShouldBe(deleted.Metadata.DeletionTimestamp);
        ShouldBeSame(await StoredAsync(Deployments, created), updated);
    }

    [Fact]
    public async Task Update_ThatAddsAFinalizerWhileDeleting_IsInvalid()
    {
        var deleted = Done(await DeletedAsync(await CreatedAsync(Guarded())));

        var outcome = await Store.UpdateAsync(Deployments, WithFinalizers(deleted, Finalizer, "example.com/late"), Stop);

        outcome.ShouldBeOfType<StoreOutcome<Deployment>.Invalid>().Reason.ShouldContain("finalizers");
    }

    [Fact]
    public async Task Update_ThatRemovesFinalizersOfALivingResource_KeepsIt()
    {
        var created = await CreatedAsync(Guarded());

        Done(await Store.UpdateAsync(Deployments, WithFinalizers(created), Stop));

        (await StoredAsync(Deployments, created)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Update_WhileDeleting_KeepsTheDeletion()
    {
        var deleted = Done(await DeletedAsync(await CreatedAsync(Guarded())));

        var forged = WithImage(deleted, "web:2") with { Metadata = deleted.Metadata with { DeletionTimestamp = null } };

        Done(await Store.UpdateAsync(Deployments, forged, Stop)).Metadata.DeletionTimestamp.ShouldBe(deleted.Metadata.DeletionTimestamp);
    }

    [Fact]
    public async Task PatchStatus_WhileDeleting_IsWritten()
    {
        var deleted = Done(await DeletedAsync(await CreatedAsync(Guarded())));

        Done(await StatusAsync(deleted, Succeeded(1))).Status!.Aggregate.Succeeded.ShouldBe(1);
    }

    [Fact]
    public async Task Delete_WithAnotherUid_Conflicts()
    {
        var created = await CreatedAsync(Web());

        (await Store.DeleteAsync(Deployments, ResourceKey.Of(created.Metadata), new DeletePreconditions(Uid: "another"), Stop))
            .ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();
        Done(await Store.DeleteAsync(Deployments, ResourceKey.Of(created.Metadata), new DeletePreconditions(Uid: created.Metadata.Uid), Stop));
    }

    [Fact]
    public async Task Delete_OfAnOldVersion_Conflicts()
    {
        var created = await CreatedAsync(Web());
        await Store.UpdateAsync(Deployments, WithImage(created, "web:2"), Stop);

        var outcome = await Store.DeleteAsync(
            Deployments, ResourceKey.Of(created.Metadata), new DeletePreconditions(ResourceVersion: created.Metadata.ResourceVersion), Stop);

        outcome.ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();
        (await StoredAsync(Deployments, created)).ShouldNotBeNull();
    }

    private static Deployment Guarded() => WithFinalizers(Web(), Finalizer);

    private static Deployment WithFinalizers(Deployment deployment, params ImmutableArray<string> finalizers) =>
        deployment with { Metadata = deployment.Metadata with { Finalizers = finalizers } };

    private Task<StoreOutcome<Deployment>> DeletedAsync(Deployment deployment) =>
        Store.DeleteAsync(Deployments, ResourceKey.Of(deployment.Metadata), DeletePreconditions.None, Stop);
}
