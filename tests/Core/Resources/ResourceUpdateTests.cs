using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Tests.Core.Resources;

/// <summary>Which write is refused, and in which words; what a write that is taken changes.</summary>
public sealed class ResourceUpdateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 6, 33, 0, TimeSpan.Zero);

    private static Deployment Offered => new() { Metadata = new ObjectMeta { Name = "web", Namespace = "plant", Uid = "u-1", ResourceVersion = "5" } };

    public static TheoryData<Deployment, WriteDecision> Refusals => new()
    {
        { Offered with { Kind = "Pod" }, new WriteDecision.Invalid("kind: Invalid value: \"Pod\": must be 'Deployment'") },
        { Change(it => it with { ResourceVersion = null }), new WriteDecision.Invalid("metadata.resourceVersion: Required value: say which version of the Deployment is updated.") },
        { Change(it => it with { ResourceVersion = "4" }), new WriteDecision.Conflict("The Deployment 'web' changed in between: read it again, and apply the change to that.") },
        { Change(it => it with { Uid = "u-2" }), new WriteDecision.Conflict("The Deployment 'web' was deleted and made anew: its uid is u-1 now.") },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Update_ThatMayNotBe_SaysWhy(Deployment offered, WriteDecision expected) =>
        ResourceWrites.Update(ResourceTypes.Deployments, Existing(Offered), offered).ShouldBe(expected);

    [Fact]
    public void Update_OfNothing_IsNotFound()
    {
        ResourceWrites.Update(ResourceTypes.Deployments, null, Offered).ShouldBeOfType<WriteDecision.NotFound>();
        ResourceWrites.Update(ResourceTypes.Deployments, null, Change(it => it with { ResourceVersion = null })).ShouldBeOfType<WriteDecision.NotFound>();
        ResourceWrites.PatchFinalizers(ResourceTypes.Deployments, null, "u-1", "5", []).ShouldBeOfType<WriteDecision.NotFound>();
        ResourceWrites.PatchStatus(ResourceTypes.Deployments, null, "u-1", "5", new DeploymentStatus()).ShouldBeOfType<WriteDecision.NotFound>();
    }

    [Fact]
    public void Update_TakesWhatUsersSay_AndCountsTheSpecAlone()
    {
        var labelled = Change(it => it with { Labels = it.Labels.Add("a", "1"), Annotations = it.Annotations.Add("b", "2"), Finalizers = ["example.com/x"], Generation = 99, CreationTimestamp = Now });
        var stored = Stored(ResourceWrites.Update(ResourceTypes.Deployments, Existing(Offered), labelled)).Metadata;
        (stored.Labels["a"], stored.Annotations["b"], stored.Finalizers[0], stored.Generation, stored.CreationTimestamp).ShouldBe(("1", "2", "example.com/x", 1, null));

        Stored(ResourceWrites.Update(ResourceTypes.Deployments, Existing(Offered), Offered with { Spec = new() { TargetSelector = new() } })).Metadata.Generation.ShouldBe(2);
    }

    [Fact]
    public void Finalizers_OfWhatIsBeingDeleted_OnlyBecomeFewer_AndTheLastRemovesIt()
    {
        var deleting = Existing(Change(it => it with { Finalizers = ["example.com/a", "example.com/b"], DeletionTimestamp = Now }));
        WriteDecision Patch(params string[] finalizers) => ResourceWrites.PatchFinalizers(ResourceTypes.Deployments, deleting, "u-1", "5", [.. finalizers]);
        WriteDecision Update(params string[] finalizers) => ResourceWrites.Update(ResourceTypes.Deployments, deleting, Change(it => it with { Finalizers = [.. finalizers] }));
        var late = new WriteDecision.Invalid("metadata.finalizers: 'example.com/c' cannot be added, because the resource is being deleted.");

        Patch("example.com/a", "example.com/c").ShouldBe(late);
        Update("example.com/a", "example.com/c").ShouldBe(late);
        Stored(Patch("example.com/b")).Metadata.Finalizers.ShouldBe(["example.com/b"]);
        Stored(Update("example.com/b")).Metadata.Finalizers.ShouldBe(["example.com/b"]);
        Patch().ShouldBeOfType<WriteDecision.Remove>();
        Update().ShouldBeOfType<WriteDecision.Remove>();
        Patch("example.com/a", "example.com/b").ShouldBe(new WriteDecision.Keep(deleting));
    }

    [Fact]
    public void PatchFinalizers_OfWhatIsNotBeingDeleted_AddsAndTakesAway()
    {
        var existing = Existing(Change(it => it with { Finalizers = ["example.com/a"] }));
        WriteDecision Patch(string? uid, string version, params string[] finalizers) =>
            ResourceWrites.PatchFinalizers(ResourceTypes.Deployments, existing, uid, version, [.. finalizers]);

        Stored(Patch("u-1", "5", "example.com/a", "example.com/b")).Metadata.Finalizers.ShouldBe(["example.com/a", "example.com/b"]);
        Stored(Patch(null, "5")).Metadata.Finalizers.ShouldBeEmpty();
        Patch("u-1", "4").ShouldBeOfType<WriteDecision.Conflict>();
        Patch("u-2", "5").ShouldBeOfType<WriteDecision.Conflict>();
        Patch("u-1", string.Empty).ShouldBeOfType<WriteDecision.Invalid>();
        Patch("u-1", "5", "t w o").ShouldBeOfType<WriteDecision.Invalid>().Reason.ShouldStartWith("metadata.finalizers[0]: Invalid value: \"t w o\"");
    }

    [Fact]
    public void PatchStatus_OfTheSame_Keeps_AndOfAnotherVersion_IsRefused()
    {
        var status = new DeploymentStatus { ObservedGeneration = 1 };
        var first = ResourceWrites.PatchStatus(ResourceTypes.Deployments, Existing(Offered), "u-1", "5", status).ShouldBeOfType<WriteDecision.Store>().Parts;
        var stored = Existing(Offered) with { Parts = first };

        ResourceWrites.PatchStatus(ResourceTypes.Deployments, stored, "u-1", "5", status).ShouldBe(new WriteDecision.Keep(stored));
        ResourceWrites.PatchStatus(ResourceTypes.Deployments, stored, "u-1", "4", status).ShouldBeOfType<WriteDecision.Conflict>();
        ResourceWrites.PatchStatus(ResourceTypes.Deployments, stored, "u-1", string.Empty, status).ShouldBeOfType<WriteDecision.Invalid>();
    }

    [Fact]
    public void Create_OfWhatExists_IsThere()
    {
        var offered = Change(it => it with { ResourceVersion = null, Generation = 7, DeletionTimestamp = Now });
        ResourceWrites.Create(ResourceTypes.Deployments, Existing(Offered), offered, "u-2", Now).ShouldBeOfType<WriteDecision.AlreadyExists>();
        var made = Stored(ResourceWrites.Create(ResourceTypes.Deployments, null, offered with { Status = new() }, "u-2", Now));
        (made.Metadata.Generation, made.Metadata.DeletionTimestamp, made.Status).ShouldBe((1, null, null));
        ResourceWrites.Create(ResourceTypes.Deployments, null, Offered, "u-2", Now)
            .ShouldBe(new WriteDecision.Invalid("metadata.resourceVersion: it is given to resources that exist; leave it out to create one."));
    }

    [Fact]
    public void Restore_KeepsTheUid_ButOfWhatWasRemoved()
    {
        var offered = Change(it => it with { ResourceVersion = null });
        Stored(ResourceWrites.Restore(ResourceTypes.Deployments, null, offered, isRemoved: false, Now)).Metadata.Uid.ShouldBe("u-1");
        ResourceWrites.Restore(ResourceTypes.Deployments, Existing(Offered), offered, isRemoved: false, Now).ShouldBeOfType<WriteDecision.AlreadyExists>();
        ResourceWrites.Restore(ResourceTypes.Deployments, null, offered, isRemoved: true, Now).ShouldBe(new WriteDecision.Conflict("The Deployment 'web' of this uid was removed."));
        foreach (var none in (string?[])[null, string.Empty])
        {
            ResourceWrites.Restore(ResourceTypes.Deployments, null, Change(it => it with { ResourceVersion = null, Uid = none }), isRemoved: false, Now)
                .ShouldBe(new WriteDecision.Invalid("metadata.uid: what is restored has the uid that it had."));
        }
    }

    [Fact]
    public void Write_OfTheLargest_IsTaken_AndOfOneMore_IsNot()
    {
        Deployment Noted(int length) => Change(it => it with { ResourceVersion = null, Annotations = it.Annotations.Add("a", new string('x', length)) });
        WriteDecision Create(int length) => ResourceWrites.Create(ResourceTypes.Deployments, null, Noted(length), "u-1", Now);
        var most = MetadataRules.MaxResourceBytes - Create(0).ShouldBeOfType<WriteDecision.Store>().Parts.Size;

        Create(most).ShouldBeOfType<WriteDecision.Store>().Parts.Size.ShouldBe(MetadataRules.MaxResourceBytes);
        Create(most + 1).ShouldBe(new WriteDecision.Invalid("The Deployment is too large: 262145 bytes of JSON, and the most is 262144."));
    }

    private static Deployment Change(Func<ObjectMeta, ObjectMeta> change) => Offered with { Metadata = change(Offered.Metadata) };

    private static StoredResource Existing(Deployment deployment) =>
        new("plant", "web", "u-1", "5", ResourceParts.Of(ResourceTypes.Deployments, deployment with { Metadata = deployment.Metadata with { Generation = 1 } }));

    private static Deployment Stored(WriteDecision decision) =>
        new StoredResource("plant", "web", "u-1", "6", decision.ShouldBeOfType<WriteDecision.Store>().Parts).Read(ResourceTypes.Deployments);
}
