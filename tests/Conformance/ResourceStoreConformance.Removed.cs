using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Conformance;

public abstract partial class ResourceStoreConformance
{
    /// <summary>Whether this store remembers what was removed; one that does not must say so.</summary>
    protected virtual bool KeepsRemoved => true;

    [Fact]
    public async Task Removed_OfWhatWasDeleted_IsKnown()
    {
        var (kept, gone) = (await CreatedAsync(Web("kept")), await CreatedAsync(Web("gone")));
        var device = await CreatedAsync(Pi("pi-1"));
        var last = Done(await DeletedAsync(gone));
        Done(await Store.DeleteAsync(Devices, ResourceKey.Of(device.Metadata), DeletePreconditions.None, Stop));

        if (await RemovedAsync(kept, gone, device) is not { } known)
        {
            return;
        }

        var removed = known.Removed.ShouldHaveSingleItem("a device's uid is no deployment's");
        (removed.Uid, removed.Key, removed.ResourceVersion).ShouldBe((gone.Metadata.Uid, ResourceKey.Of(gone.Metadata), last.Metadata.ResourceVersion));
        removed.At.ShouldBeGreaterThanOrEqualTo(gone.Metadata.CreationTimestamp!.Value);
        known.Since.ShouldBeNull();
    }

    [Fact]
    public async Task Removed_OfWhatWaitsForAFinalizer_IsNotKnownUntilItIsGone()
    {
        var deleting = Done(await DeletedAsync(await CreatedAsync(Guarded())));
        (await RemovedAsync(deleting))?.Removed.ShouldBeEmpty();

        Done(await FinalizersAsync(deleting));

        (await RemovedAsync(deleting))?.Removed.ShouldHaveSingleItem().Uid.ShouldBe(deleting.Metadata.Uid);
    }

    [Fact]
    public async Task Removed_OfANameThatWasMadeAnew_IsOfTheOldUidAlone()
    {
        var first = await CreatedAsync(Web());
        Done(await DeletedAsync(first));
        var second = await CreatedAsync(Web());

        (await RemovedAsync(first, second))?.Removed.ShouldHaveSingleItem().Uid.ShouldBe(first.Metadata.Uid);
    }

    [Fact]
    public async Task Restored_HasTheUidThatItHad_AndIsRemovedAsAnyOther()
    {
        var lost = Web() with { Metadata = Web().Metadata with { Uid = "the-uid-it-had" } };

        var back = Done(await Store.RestoreAsync(Deployments, lost, Stop));

        (back.Metadata.Uid, back.Metadata.Generation).ShouldBe(("the-uid-it-had", 1));
        (await Store.RestoreAsync(Deployments, lost, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.AlreadyExists>();
        Done(await DeletedAsync(back));
        (await RemovedAsync(back))?.Removed.ShouldHaveSingleItem().Uid.ShouldBe("the-uid-it-had");
        (await Store.RestoreAsync(Deployments, lost, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();
        (await Store.RestoreAsync(Deployments, Web(), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Invalid>();
    }

    [Fact]
    public async Task DeclaredRemoved_IsKnownAsRemoved_AndNotWhatIsStored()
    {
        var (kept, named) = (await CreatedAsync(Web("kept")), await CreatedAsync(Web("named")));
        ImmutableArray<LostResource> lost =
        [
            new(new ResourceKey("default", "gone"), "uid-gone"), new(new ResourceKey("default", "elsewhere"), kept.Metadata.Uid!), new(ResourceKey.Of(named.Metadata), "uid-other"),
        ];

        for (var times = 0; times < 2; times++)
        {
            var known = (await Store.DeclareRemovedAsync(Deployments, lost, Stop)).ShouldBeOfType<RemovedOutcome.Known>();
            known.Removed.ShouldHaveSingleItem().Uid.ShouldBe("uid-gone");
        }

        var back = Web("gone", "default") with { Metadata = Web("gone", "default").Metadata with { Uid = "uid-gone" } };
        (await Store.RestoreAsync(Deployments, back, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();
        Done(await DeletedAsync(kept));
        (await RemovedAsync(kept))?.Removed.ShouldHaveSingleItem();
    }

    /// <summary>A device may say any uid under any name: what is decided about the one says nothing of the other.</summary>
    [Fact]
    public async Task DeclaredRemoved_UnderAnotherName_SaysNothingOfTheOneThatHasTheUid()
    {
        var (real, invented) = (new LostResource(new ResourceKey("default", "w1"), "uid-w1"), new LostResource(new ResourceKey("default", "zzz"), "uid-w1"));
        (await Store.DeclareRemovedAsync(Deployments, [invented], Stop)).ShouldBeOfType<RemovedOutcome.Known>().Removed.ShouldHaveSingleItem().Key.ShouldBe(invented.Key);

        (await Store.FindRemovedAsync(Deployments, [real], Stop)).ShouldBeOfType<RemovedOutcome.Known>().Removed.ShouldBeEmpty();

        var w1 = Web("w1", "default") with { Metadata = Web("w1", "default").Metadata with { Uid = real.Uid } };
        Done(await DeletedAsync(Done(await Store.RestoreAsync(Deployments, w1, Stop))));
        (await Store.FindRemovedAsync(Deployments, [real, invented], Stop)).ShouldBeOfType<RemovedOutcome.Known>()
            .Removed.Select(removed => removed.Key).ShouldBe([real.Key, invented.Key], ignoreOrder: true);
    }

    /// <summary>What the store says; null where it says that it keeps none.</summary>
    private async Task<RemovedOutcome.Known?> RemovedAsync(params IEnumerable<IResource> resources)
    {
        var outcome = await Store.FindRemovedAsync(Deployments, [.. resources.Select(resource => new LostResource(ResourceKey.Of(resource.Metadata), resource.Metadata.Uid!))], Stop);
        if (!KeepsRemoved)
        {
            outcome.ShouldBeOfType<RemovedOutcome.NotKept>();
            return null;
        }

        return outcome.ShouldBeOfType<RemovedOutcome.Known>();
    }
}
