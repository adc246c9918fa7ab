using System.Text;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Tests.Core.Resources;

public sealed class ContractNullsTests
{
    [Theory]
    [InlineData("""{"metadata":{"finalizers":["a/b",null]}}""", "metadata.finalizers[1]")]
    [InlineData("""{"metadata":{"labels":{"a":null}}}""", "metadata.labels.a")]
    [InlineData("""{"metadata":{"annotations":{"a/b":null}}}""", "metadata.annotations.a/b")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[null]}}}}""", "spec.score.PodmanV0.containers[0]")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{"args":["a",null]}]}}}}""", "spec.score.PodmanV0.containers[0].args[1]")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{"env":[null],"ports":[null],"volumeMounts":[null],"command":[null]}]}}}}""",
        "spec.score.PodmanV0.containers[0].env[0] spec.score.PodmanV0.containers[0].ports[0] spec.score.PodmanV0.containers[0].volumeMounts[0] spec.score.PodmanV0.containers[0].command[0]")]
    [InlineData("""{"status":{"conditions":[null]}}""", "status.conditions[0]")]
    [InlineData("""{"status":{"conditions":[{"type":null,"status":null}]}}""", "status.conditions[0].type status.conditions[0].status")]
    [InlineData("""{"status":{"aggregate":{"lastError":{"device":null,"message":null,"at":null}}}}""", "status.aggregate.lastError.device status.aggregate.lastError.message status.aggregate.lastError.at")]
    public void Find_NullWhereTheContractHasNone_TellsItsPath(string json, string paths) =>
        string.Join(' ', ContractNulls.Find(ResourceTypes.Deployments.Json, Encoding.UTF8.GetBytes(json)).Select(error => error.Path)).ShouldBe(paths);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"metadata":null,"spec":null,"status":null}""")]
    [InlineData("""{"metadata":{"name":null,"labels":null,"finalizers":null,"deletionTimestamp":null},"spec":{"score":null},"status":{"aggregate":null,"conditions":null}}""")]
    [InlineData("""{"spec":{"score":{"PodmanV0":{"containers":[{"name":"null","limits":null}]}}}}""")]
    [InlineData("""{"future":[null],"spec":{"future":{"a":null}}}""")]
    public void Find_NullThatIsTheSameAsLeftOut_TellsNothing(string json) => ContractNulls.Find(ResourceTypes.Deployments.Json, Encoding.UTF8.GetBytes(json)).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"spec":{"targetSelector":{"matchExpressions":[null]}}}""")]
    [InlineData("""{"spec":{"targetSelector":{"matchLabels":{"a":null}}}}""")]
    public void Find_NullInASelector_LeavesItToTheRulesOfSelectors(string json) => ContractNulls.Find(ResourceTypes.Deployments.Json, Encoding.UTF8.GetBytes(json)).ShouldBeEmpty();
}
