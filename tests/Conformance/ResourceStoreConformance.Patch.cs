using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Conformance;

public abstract partial class ResourceStoreConformance
{
    [Fact]
    public async Task PatchStatus_WritesTheStatusAlone()
    {
        var created = await CreatedAsync(Web());

        var updated = Done(await StatusAsync(created, Succeeded(2)));

        updated.Status!.Aggregate.Succeeded.ShouldBe(2);
        updated.Metadata.Generation.ShouldBe(1);
        updated.Metadata.ResourceVersion.ShouldNotBe(created.Metadata.ResourceVersion);
        ShouldBeSame(updated with { Status = null, Metadata = created.Metadata }, created);
        ShouldBeSame(await StoredAsync(Deployments, created), updated);
    }

    [Fact]
    public async Task PatchStatus_WithMembersThatAreGone_RemovesThem()
    {
        var created = await CreatedAsync(Pi("pi-1"));
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("a", "1").Add("b", "2");
        var unseen = new DeviceStatus { ReportedLabels = labels, LastSeen = DateTimeOffset.UnixEpoch };
        var silent = Done(await Store.PatchStatusAsync(Devices, At(created), unseen, Stop));

        var seen = new DeviceStatus { ReportedLabels = labels.Remove("a") };
        var updated = Done(await Store.PatchStatusAsync(Devices, At(silent), seen, Stop));

        updated.Status!.LastSeen.ShouldBeNull();
        updated.Status.ReportedLabels.Keys.ShouldBe(["b"]);
        ShouldBeSame(await StoredAsync(Devices, created), updated);
    }

    [Fact]
    public async Task PatchStatus_WithAFineTime_ReadsBackAsReturned()
    {
        var created = await CreatedAsync(Web());
        var condition = new Condition { Type = "Converged", Status = ConditionStatus.True, LastTransitionTime = new DateTimeOffset(638_000_000_001_234_567, TimeSpan.Zero) };

        var updated = Done(await StatusAsync(created, new DeploymentStatus { Conditions = [condition] }));

        (await StoredAsync(Deployments, created))!.Status!.Conditions[0].ShouldBe(updated.Status!.Conditions[0]);
    }

    [Fact]
    public async Task PatchStatus_WithoutADifference_WritesNothing()
    {
        var observed = Done(await StatusAsync(await CreatedAsync(Web()), Succeeded(2)));

        ShouldBeSame(Done(await StatusAsync(observed, Succeeded(2))), observed);
    }

    [Fact]
    public async Task PatchStatus_OfAnOldVersion_Conflicts()
    {
        var created = await CreatedAsync(Web());
        var updated = Done(await Store.UpdateAsync(Deployments, WithImage(created, "web:2"), Stop));

        (await StatusAsync(created, Succeeded(2))).ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();

        ShouldBeSame(await StoredAsync(Deployments, created), updated);
    }

    [Fact]
    public async Task PatchStatus_OfOneVersionByMany_SucceedsOnce()
    {
        var created = await CreatedAsync(Web());

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 20).Select(i => StatusAsync(created, Succeeded(i))));

        outcomes.Count(outcome => outcome is StoreOutcome<Deployment>.Ok).ShouldBe(1);
        outcomes.Count(outcome => outcome is StoreOutcome<Deployment>.Conflict).ShouldBe(19);
    }

    [Fact]
    public async Task Patch_WithoutAVersion_IsInvalidAndWritesNothing()
    {
        var created = await CreatedAsync(Web());
        var blind = At(created) with { ResourceVersion = string.Empty };

        (await Store.PatchStatusAsync(Deployments, blind, Succeeded(2), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Invalid>().Reason.ShouldContain("metadata.resourceVersion");
        (await Store.PatchFinalizersAsync(Deployments, blind, [Finalizer], Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Invalid>().Reason.ShouldContain("metadata.resourceVersion");

        ShouldBeSame(await StoredAsync(Deployments, created), created);
    }

    [Fact]
    public async Task Patch_OfAnotherUid_Conflicts()
    {
        var first = await CreatedAsync(Web());
        Done(await DeletedAsync(first));
        var second = await CreatedAsync(Web());
        var late = At(second) with { Uid = first.Metadata.Uid };

        (await Store.PatchStatusAsync(Deployments, late, Succeeded(2), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();
        (await Store.PatchFinalizersAsync(Deployments, late, [Finalizer], Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();
    }

    [Fact]
    public async Task Patch_OfNothing_IsNotFound()
    {
        var nothing = new ResourceRevision(new ResourceKey("plant", "web"), "u", "1");

        (await Store.PatchStatusAsync(Deployments, nothing, Succeeded(2), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.NotFound>();
        (await Store.PatchFinalizersAsync(Deployments, nothing, [Finalizer], Stop)).ShouldBeOfType<StoreOutcome<Deployment>.NotFound>();
    }

    [Fact]
    public async Task PatchFinalizers_WritesThemAlone()
    {
        var observed = Done(await StatusAsync(await CreatedAsync(Web()), Succeeded(2)));

        var updated = Done(await FinalizersAsync(observed, Finalizer));

        updated.Metadata.Finalizers.ShouldBe([Finalizer]);
        updated.Metadata.ResourceVersion.ShouldNotBe(observed.Metadata.ResourceVersion);
        ShouldBeSame(updated with { Metadata = observed.Metadata }, observed);
        ShouldBeSame(await StoredAsync(Deployments, observed), updated);
    }

    [Fact]
    public async Task PatchFinalizers_OfAnOldVersion_Conflicts()
    {
        var created = await CreatedAsync(Web());
        await Store.UpdateAsync(Deployments, WithImage(created, "web:2"), Stop);

        (await FinalizersAsync(created, Finalizer)).ShouldBeOfType<StoreOutcome<Deployment>.Conflict>();
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData(null)]
    public async Task PatchFinalizers_ThatAreNone_IsInvalid(string? finalizer)
    {
        var created = await CreatedAsync(Web());

        (await FinalizersAsync(created, finalizer!)).ShouldBeOfType<StoreOutcome<Deployment>.Invalid>().Reason.ShouldContain("finalizers");
    }
}
