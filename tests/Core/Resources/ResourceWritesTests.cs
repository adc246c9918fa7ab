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
        ResourceWrites.Create(ResourceTypes.Deployments, null, WithVersion("7"), "u", Now).ShouldBeOfType<WriteDecision.Invalid>()
            .Reason.ShouldContain("metadata.resourceVersion");

    [Fact]
    public void Create_OfSomethingInvalidThatExists_IsInvalid()
    {
        var bad = Offered with { Kind = "Pod" };

        ResourceWrites.Create(ResourceTypes.Deployments, Existing(), bad, "u", Now).ShouldBeOfType<WriteDecision.Invalid>();
    }

    [Fact]
    public void Delete_WithFinalizers_StampsTheSecondOnce()
    {
        var guarded = Existing(Offered with { Metadata = Offered.Metadata with { Finalizers = ["example.com/a"] } });

        var deleted = Stored(ResourceWrites.Delete(ResourceTypes.Deployments, guarded, null, null, Now));

        deleted.Metadata.DeletionTimestamp.ShouldBe(new DateTimeOffset(2026, 11, 21, 6, 33, 0, TimeSpan.Zero));
        deleted.Metadata.Generation.ShouldBe(2);
        var deleting = Existing(deleted);
        ResourceWrites.Delete(ResourceTypes.Deployments, deleting, null, null, Now.AddHours(1)).ShouldBe(new WriteDecision.Keep(deleting));
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

        (decision is WriteDecision.Remove).ShouldBe(removes);
        (decision is WriteDecision.Conflict).ShouldBe(!removes);
    }

    [Fact]
    public void Update_ByAnotherOrderOfLabels_Keeps()
    {
        var labelled = Offered with { Metadata = Offered.Metadata with { Labels = Offered.Metadata.Labels.Add("b", "2").Add("a", "1") } };
        var offered = labelled with { Metadata = labelled.Metadata with { Labels = Offered.Metadata.Labels.Add("a", "1").Add("b", "2"), ResourceVersion = "5" } };

        ResourceWrites.Update(ResourceTypes.Deployments, Existing(labelled), offered).ShouldBeOfType<WriteDecision.Keep>();
    }

    [Fact]
    public void Update_OfTheSpecAlone_KeepsTheOtherPartsAsTheyAre()
    {
        var stored = Existing() with { Parts = Existing().Parts with { Status = "{}"u8.ToArray() } };
        var offered = WithVersion("5") with { Spec = new DeploymentSpec { TargetSelector = new() } };

        var parts = ResourceWrites.Update(ResourceTypes.Deployments, stored, offered).ShouldBeOfType<WriteDecision.Store>().Parts;

        parts.Status.ShouldBeSameAs(stored.Parts.Status);
        ResourceParts.AreSame(parts.Spec, stored.Parts.Spec).ShouldBeFalse();
    }

    [Fact]
    public void PatchStatus_LooksAtNoOtherPart()
    {
        var stored = Existing() with { Parts = new ResourceParts([1], [2], null) };

        var parts = ResourceWrites.PatchStatus(ResourceTypes.Deployments, stored, "u-1", "5", new DeploymentStatus()).ShouldBeOfType<WriteDecision.Store>().Parts;

        (parts.Metadata, parts.Spec).ShouldBe((stored.Parts.Metadata, stored.Parts.Spec));
    }

    [Fact]
    public void PatchStatus_WithANullWhereNoneBelongs_IsInvalid() =>
        ResourceWrites.PatchStatus(ResourceTypes.Deployments, Existing(), "u-1", "5", new DeploymentStatus { Conditions = [null!] })
            .ShouldBeOfType<WriteDecision.Invalid>().Reason.ShouldStartWith("status.conditions[0]: Required value");

    [Fact]
    public void Create_WithANullWhereNoneBelongs_IsInvalid() =>
        ResourceWrites.Create(
            ResourceTypes.Deployments, null, Offered with { Spec = new DeploymentSpec { Score = new() { PodmanV0 = new() { Containers = [null!] } } } }, "u", Now)
            .ShouldBeOfType<WriteDecision.Invalid>().Reason.ShouldStartWith("spec.score.PodmanV0.containers[0]: Required value");

    [Fact]
    public void PatchStatus_ThatMakesItTooLarge_IsInvalid()
    {
        var status = new DeploymentStatus { Conditions = [new() { Type = "A", Status = ConditionStatus.True, Message = new string('x', MetadataRules.MaxResourceBytes) }] };

        ResourceWrites.PatchStatus(ResourceTypes.Deployments, Existing(), "u-1", "5", status).ShouldBeOfType<WriteDecision.Invalid>().Reason.ShouldContain("too large");
    }

    private static Deployment WithVersion(string version) => Offered with { Metadata = Offered.Metadata with { ResourceVersion = version } };

    private static StoredResource Existing() => Existing(Offered);

    private static StoredResource Existing(Deployment deployment) => new("plant", "web", "u-1", "5", ResourceParts.Of(
        ResourceTypes.Deployments, deployment with { Metadata = deployment.Metadata with { Uid = "u-1", Generation = Math.Max(1, deployment.Metadata.Generation) } }));

    private static Deployment Stored(WriteDecision decision) =>
        new StoredResource("plant", "web", "u-1", "6", decision.ShouldBeOfType<WriteDecision.Store>().Parts).Read(ResourceTypes.Deployments);
}
