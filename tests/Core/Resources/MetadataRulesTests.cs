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

    [Fact]
    public void Check_OfMuchThatIsWrong_SaysItInWords()
    {
        string[] Texts(Deployment deployment) => [.. MetadataRules.Check(ResourceTypes.Deployments, deployment).Select(error => error.ToString())];
        var many = Enumerable.Range(0, 257).ToImmutableSortedDictionary(i => $"l{i}", _ => "v");
        const string Rule = "use 1 to 63 characters of a-z, 0-9 and '-', beginning and ending with a letter or digit";

        Texts(new() { ApiVersion = "v2", Kind = "Device", Metadata = new() { Name = "Web", Namespace = "a.b", Finalizers = ["one", "one", null!], Labels = Map("a", null!), Annotations = Map("b", null!) } }).ShouldBe(
        [
            $"apiVersion: Invalid value: \"v2\": must be '{ApiGroup.Version}'",
            "kind: Invalid value: \"Device\": must be 'Deployment'",
            $"metadata.name: Invalid value: \"Web\": {Rule}",
            $"metadata.namespace: Invalid value: \"a.b\": {Rule}",
            "metadata.labels.a: Required value: a label's value is a string",
            "metadata.annotations.b: Required value: an annotation's value is a string",
            "metadata.finalizers[1]: Duplicate value: \"one\"",
            "metadata.finalizers[2]: Required value: a finalizer is a string",
        ]);
        Texts(new() { Metadata = new() { Name = "" } }).ShouldBe(["metadata.name: Required value: name is required", "metadata.namespace: Required value: a Deployment has a namespace"]);
        Texts(new() { Metadata = Good with { Labels = many, Annotations = many, Finalizers = [.. Enumerable.Range(0, 33).Select(i => $"f{i}")] } }).ShouldBe(
        [
            "metadata.labels: Too many: 257: must have at most 256 items",
            "metadata.annotations: Too many: 257: must have at most 256 items",
            "metadata.finalizers: Too many: 33: must have at most 32 items",
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

        var most = Enumerable.Range(0, 256).ToImmutableSortedDictionary(i => $"l{i}", _ => "v");
        Errors(Good with { Labels = most, Annotations = most, Finalizers = [.. Enumerable.Range(0, 32).Select(i => $"f{i}")] }).ShouldBeEmpty();
        Errors(Good with { Labels = many, Annotations = many, Finalizers = [.. Enumerable.Range(0, 33).Select(i => $"f{i}")] })
            .ShouldBe(["metadata.labels", "metadata.annotations", "metadata.finalizers"]);
    }

    private static ImmutableSortedDictionary<string, string> Map(string key, string value) =>
        ImmutableSortedDictionary<string, string>.Empty.Add(key, value);

    private static IEnumerable<string> Errors(ObjectMeta metadata) =>
        MetadataRules.Check(ResourceTypes.Deployments, new Deployment { Metadata = metadata }).Select(error => error.Path);
}
