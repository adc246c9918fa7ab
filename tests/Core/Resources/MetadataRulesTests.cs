using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Tests.Core.Resources;

public sealed class MetadataRulesTests
{
    private static ObjectMeta Good => new() { Name = "web", Namespace = "plant" };

    [Fact]
    public void Check_OfGoodMetadata_FindsNothing() => Errors(Good with
    {
        Labels = Map("app", "web").Add("example.com/tier", string.Empty).Add("A_b.c-9", "X_y.z-9"),
        Annotations = Map("example.com/note", "any text\nat all"),
        Finalizers = ["example.com/clean-up", "fleet.nationtech.io/manifests"],
    }).ShouldBeEmpty();

    [Fact]
    public void Check_OfMuchThatIsWrong_FindsItAllWithItsFields()
    {
        var deployment = new Deployment
        {
            ApiVersion = "v2",
            Kind = "Device",
            Metadata = new ObjectMeta
            {
                Name = "Web", Namespace = "a.b", Labels = Map("a b", "c d"), Annotations = Map("/x", "y"), Finalizers = ["one", "one", "t w o"],
            },
        };

        MetadataRules.Check(ResourceTypes.Deployments, deployment).Select(error => error.Path).ShouldBe(
            [
                "apiVersion", "kind", "metadata.name", "metadata.namespace", "metadata.labels", "metadata.labels.a b",
                "metadata.annotations", "metadata.finalizers[1]", "metadata.finalizers[2]",
            ]);
    }

    [Theory]
    [InlineData("", "metadata.name")]
    [InlineData("Web", "metadata.name")]
    [InlineData("web.", "metadata.name")]
    [InlineData("we_b", "metadata.name")]
    [InlineData("wéb", "metadata.name")]
    public void Check_OfABadName_FindsIt(string name, string path) => Errors(Good with { Name = name }).ShouldBe([path]);

    [Fact]
    public void Check_OfANamespaceWhereNoneBelongs_FindsIt() =>
        MetadataRules.Check(ResourceTypes.Devices, new Device { Metadata = Good }).ShouldHaveSingleItem().ToString()
            .ShouldBe("metadata.namespace: Forbidden: a Device has no namespace");

    [Fact]
    public void Check_OfNoNamespaceWhereOneBelongs_FindsIt() => Errors(Good with { Namespace = null }).ShouldBe(["metadata.namespace"]);

    [Fact]
    public void Check_OfNulls_FindsThem() => Errors(Good with
    {
        Labels = Map("a", null!), Annotations = Map("b", null!), Finalizers = [null!],
    }).ShouldBe(["metadata.labels.a", "metadata.annotations.b", "metadata.finalizers[0]"]);

    [Fact]
    public void Check_OfTooMany_FindsIt()
    {
        var many = Enumerable.Range(0, 257).ToImmutableSortedDictionary(i => $"l{i}", _ => "v");

        Errors(Good with { Labels = many, Annotations = many, Finalizers = [.. Enumerable.Range(0, 33).Select(i => $"f{i}")] })
            .ShouldBe(["metadata.labels", "metadata.annotations", "metadata.finalizers"]);
    }

    private static ImmutableSortedDictionary<string, string> Map(string key, string value) =>
        ImmutableSortedDictionary<string, string>.Empty.Add(key, value);

    private static IEnumerable<string> Errors(ObjectMeta metadata) =>
        MetadataRules.Check(ResourceTypes.Deployments, new Deployment { Metadata = metadata }).Select(error => error.Path);
}
