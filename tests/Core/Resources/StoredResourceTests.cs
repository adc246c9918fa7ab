using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Tests.Core.Resources;

public sealed class StoredResourceTests
{
    private static readonly Deployment Web = new() { Metadata = new() { Name = "web", Namespace = "plant", Uid = "u-1", Generation = 3 }, Status = new() { ObservedGeneration = 2 } };

    [Fact]
    public void Read_OfItsParts_IsWhatWasStored_WithItsVersion()
    {
        var stored = new StoredResource("plant", "web", "u-1", "7", ResourceParts.Of(ResourceTypes.Deployments, Web));

        var read = stored.Read(ResourceTypes.Deployments);
        (read.Metadata.Name, read.Metadata.Uid, read.Metadata.Generation, read.Metadata.ResourceVersion, read.Status!.ObservedGeneration).ShouldBe(("web", "u-1", 3, "7", 2));
        (stored.Metadata().Name, stored.Metadata().Generation, stored.Metadata().ResourceVersion).ShouldBe(("web", 3, null));
        stored.TryRead(ResourceTypes.Deployments, out var problem).ShouldNotBeNull();
        problem.ShouldBeEmpty();
        var parts = stored.Parts;
        parts.Size.ShouldBe(parts.Metadata.Length + parts.Spec.Length + parts.Status!.Length);
        (parts with { Status = null }).Size.ShouldBe(parts.Metadata.Length + parts.Spec.Length);
    }

    [Theory]
    [InlineData("plant", "api", "The stored Deployment plant/api says that it is plant/web.")]
    [InlineData(null, "web", "The stored Deployment web says that it is plant/web.")]
    public void Read_UnderAnotherName_IsRefused_AndKnownByTheNameItStandsUnder(string? space, string name, string expected)
    {
        var stored = new StoredResource(space, name, "u-1", "7", ResourceParts.Of(ResourceTypes.Deployments, Web));

        stored.TryRead(ResourceTypes.Deployments, out var problem).ShouldBeNull();
        problem.ShouldBe(expected);
        var named = stored.ReadOrName(ResourceTypes.Deployments).Metadata;
        (named.Namespace, named.Name, named.Uid, named.ResourceVersion).ShouldBe((space, name, "u-1", "7"));
        (stored with { Uid = string.Empty }).ReadOrName(ResourceTypes.Deployments).Metadata.Uid.ShouldBeNull();
    }

    [Fact]
    public void Read_WithNullsWhereNoneBelong_IsRefused()
    {
        var parts = ResourceParts.Of(ResourceTypes.Deployments, Web) with { Status = """{"conditions":[null]}"""u8.ToArray() };

        new StoredResource("plant", "web", "u-1", "7", parts).TryRead(ResourceTypes.Deployments, out var problem).ShouldBeNull();
        problem.ShouldStartWith("The stored Deployment plant/web has what it must not have: status.conditions[0]: Required value");
        Should.Throw<JsonException>(() => new StoredResource("plant", "web", "u-1", "7", parts with { Metadata = "null"u8.ToArray() }).Metadata())
            .Message.ShouldBe("The stored metadata of plant/web is null.");
    }

    [Fact]
    public void IsSameAs_LooksAtEachPart()
    {
        var parts = ResourceParts.Of(ResourceTypes.Deployments, Web);
        var other = Encoding.UTF8.GetBytes("{}");

        parts.IsSameAs(ResourceParts.Of(ResourceTypes.Deployments, Web)).ShouldBeTrue();
        parts.IsSameAs(parts with { Metadata = other }).ShouldBeFalse();
        parts.IsSameAs(parts with { Spec = other }).ShouldBeFalse();
        parts.IsSameAs(parts with { Status = other }).ShouldBeFalse();
        parts.IsSameAs(parts with { Status = null }).ShouldBeFalse();
        ResourceParts.AreSame(null, null).ShouldBeTrue();
        ResourceParts.AreSame([], null).ShouldBeFalse();
    }
}
