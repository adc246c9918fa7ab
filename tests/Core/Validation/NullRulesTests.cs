using System.Text.Json.Nodes;
using Harmony.Fleet.Core.Validation;

namespace Harmony.Fleet.Tests.Core.Validation;

public sealed class NullRulesTests
{
    [Theory]
    [InlineData("""{"spec":{},"metadata":{"uid":null}}""", "metadata.uid")]
    [InlineData("""{"spec":{},"metadata":{"resourceVersion":null}}""", "metadata.resourceVersion")]
    [InlineData("""{"spec":null}""", "spec")]
    [InlineData("""{"spec":{"labels":null}}""", "spec.labels")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"restartPolicy":null}}}}""", "spec.score.PodmanV0.restartPolicy")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{},{"limits":null}]}}}}""", "spec.score.PodmanV0.containers[1].limits")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{"limits":{"memoryBytes":null}}]}}}}""", "spec.score.PodmanV0.containers[0].limits.memoryBytes")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{"limits":{"cpuMillicores":null}}]}}}}""", "spec.score.PodmanV0.containers[0].limits.cpuMillicores")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{"ports":[{},{"hostIP":null}]}]}}}}""", "spec.score.PodmanV0.containers[0].ports[1].hostIP")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{"volumeMounts":[{"readOnly":null}]}]}}}}""", "spec.score.PodmanV0.containers[0].volumeMounts[0].readOnly")]
    public void Check_NullThatWouldMeanTheMost_IsRefused(string json, string path)
    {
        var error = NullRules.Check(JsonNode.Parse(json)!.AsObject()).ShouldHaveSingleItem();
        error.Path.ShouldBe(path);
        error.Message.ShouldStartWith("Required value: it is null, which would mean ");
    }

    [Fact]
    public void Check_SpecLeftOut_IsRefused() => NullRules.Check([]).ShouldHaveSingleItem().ToString().ShouldStartWith("spec: Required value");

    [Theory]
    [InlineData("""{"spec":{}}""")]
    [InlineData("""{"metadata":{"creationTimestamp":null,"labels":null,"annotations":{"spec":null}},"status":null,"spec":{}}""")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{"env":null,"ports":null,"volumeMounts":null,"command":null,"args":null,"limits":{}}]}}}}""")]
    public void Check_NullThatMeansNothingMore_IsTheSameAsLeftOut(string json) => NullRules.Check(JsonNode.Parse(json)!.AsObject()).ShouldBeEmpty();
}
