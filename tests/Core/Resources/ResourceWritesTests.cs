using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Tests.Core.Resources;

/// <summary>What the conformance suite of stores cannot see: times, and which decision was taken.</summary>
public sealed class ResourceWritesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 7, 33, 0, 250, TimeSpan.FromHours(1));

    private static Deployment Offered => new() { Metadata = new ObjectMeta { Name = "web", Namespace = "plant" } };

    [Fact]
    public void Create_StampsTheUidAndTheSecond()
    {
        var created = Stored(ResourceWrites.Create(ResourceTypes.Deployments, null, Offered, "u-1", Now));

        created.Metadata.Uid.ShouldBe("u-1");
        created.Metadata.CreationTimestamp.ShouldBe(new DateTimeOffset(2026, 11, 21, 6, 33, 0, TimeSpan.Zero));
        created.Metadata.Generation.ShouldBe(1);
    }

    [Fact]
    public void Create_WithAVersion_IsInvalid() =>
        ResourceWrites.Create(ResourceTypes.Deployments, null, WithVersion("7"), "u", Now).ShouldBeOfType<WriteDecision<Deployment>.Invalid>()
            .Reason.ShouldContain("metadata.resourceVersion");

    [Fact]
    public void Create_OfSomethingInvalidThatExists_IsInvalid()
    {
        var bad = Offered with { Kind = "Pod" };

        ResourceWrites.Create(ResourceTypes.Deployments, Existing(), bad, "u", Now).ShouldBeOfType<WriteDecision<Deployment>.Invalid>();
    }

    [Fact]
    public void Delete_WithFinalizers_StampsTheSecondOnce()
    {
        var guarded = Existing() with { Metadata = Existing().Metadata with { Finalizers = ["example.com/a"] } };

        var deleted = Stored(ResourceWrites.Delete(ResourceTypes.Deployments, guarded, null, null, Now));

        deleted.Metadata.DeletionTimestamp.ShouldBe(new DateTimeOffset(2026, 11, 21, 6, 33, 0, TimeSpan.Zero));
        deleted.Metadata.Generation.ShouldBe(2);
        ResourceWrites.Delete(ResourceTypes.Deployments, deleted, null, null, Now.AddHours(1)).ShouldBe(new WriteDecision<Deployment>.Keep(deleted));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("", "", true)]
    [InlineData("u-1", "5", true)]
    [InlineData("u-2", null, false)]
    [InlineData(null, "4", false)]
    [InlineData("u-1", "4", false)]
    public void Delete_OnlyWhereItsPreconditionsHold_Removes(string? uid, string? version, bool removes)
    {
        var decision = ResourceWrites.Delete(ResourceTypes.Deployments, Existing(), uid, version, Now);

        (decision is WriteDecision<Deployment>.Remove).ShouldBe(removes);
        (decision is WriteDecision<Deployment>.Conflict).ShouldBe(!removes);
    }

    [Fact]
    public void Update_ByAnotherOrderOfLabels_Keeps()
    {
        var stored = Existing() with { Metadata = Existing().Metadata with { Labels = Existing().Metadata.Labels.Add("b", "2").Add("a", "1") } };
        var offered = stored with { Metadata = stored.Metadata with { Labels = Existing().Metadata.Labels.Add("a", "1").Add("b", "2") } };

        ResourceWrites.Update(ResourceTypes.Deployments, stored, offered).ShouldBeOfType<WriteDecision<Deployment>.Keep>();
    }

    private static Deployment WithVersion(string version) => Offered with { Metadata = Offered.Metadata with { ResourceVersion = version } };

    private static Deployment Existing() => Offered with { Metadata = Offered.Metadata with { Uid = "u-1", ResourceVersion = "5", Generation = 1 } };

    private static Deployment Stored(WriteDecision<Deployment> decision) => decision.ShouldBeOfType<WriteDecision<Deployment>.Store>().Resource;
}
