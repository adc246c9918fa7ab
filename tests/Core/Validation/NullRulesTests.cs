using System.Text.Json.Nodes;
using Harmony.Fleet.Core.Validation;

namespace Harmony.Fleet.Tests.Core.Validation;

public sealed class NullRulesTests
{
    [Theory]
    [InlineData("""{"spec":{},"metadata":{"uid":null}}""", "metadata.uid", "whichever resource has the name")]
    [InlineData("""{"spec":{},"metadata":{"resourceVersion":null}}""", "metadata.resourceVersion", "whatever version is stored")]
    [InlineData("""{"spec":null}""", "spec", "that nothing is specified")]
    [InlineData("""{"spec":{"labels":null}}""", "spec.labels", "that every label is taken away")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"restartPolicy":null}}}}""", "spec.score.PodmanV0.restartPolicy", "Always")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{},{"limits":null}]}}}}""", "spec.score.PodmanV0.containers[1].limits", "no limits")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{"limits":{"memoryBytes":null}}]}}}}""", "spec.score.PodmanV0.containers[0].limits.memoryBytes", "no limit")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{"limits":{"cpuMillicores":null}}]}}}}""", "spec.score.PodmanV0.containers[0].limits.cpuMillicores", "no limit")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{"ports":[{},{"hostIP":null}]}]}}}}""", "spec.score.PodmanV0.containers[0].ports[1].hostIP", "every address of the device")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{"volumeMounts":[{"readOnly":null}]}]}}}}""", "spec.score.PodmanV0.containers[0].volumeMounts[0].readOnly", "that the container may write")]
    public void Check_NullThatWouldMeanTheMost_IsRefused(string json, string path, string meaning)
    {
        var error = NullRules.Check(JsonNode.Parse(json)!.AsObject()).ShouldHaveSingleItem();
        error.Path.ShouldBe(path);
        error.Message.ShouldBe($"Required value: it is null, which would mean {meaning}: give it a value, or leave it out to mean that");
    }

    [Fact]
    public void Check_SpecLeftOut_IsRefused() => NullRules.Check([]).ShouldHaveSingleItem().ToString()
        .ShouldBe("spec: Required value: say what is wanted; only an explicit {} means nothing");

    [Theory]
    [InlineData("""{"spec":{}}""")]
    [InlineData("""{"metadata":{"creationTimestamp":null,"labels":null,"annotations":{"spec":null}},"status":null,"spec":{}}""")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{"env":null,"ports":null,"volumeMounts":null,"command":null,"args":null,"limits":{}}]}}}}""")]
    public void Check_NullThatMeansNothingMore_IsTheSameAsLeftOut(string json) => NullRules.Check(JsonNode.Parse(json)!.AsObject()).ShouldBeEmpty();
}
