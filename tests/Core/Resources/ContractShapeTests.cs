using System.Text.Json;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Tests.Core.Resources;

public sealed class ContractShapeTests
{
    [Theory]
    [InlineData("[]", ": expected an object, found an array")]
    [InlineData("\"web\"", ": expected an object, found \"web\"")]
    [InlineData("""{"spec": 7}""", "spec: expected an object, found 7")]
    [InlineData("""{"spec": {"score": true}}""", "spec.score: expected an object, found true")]
    [InlineData("""{"metadata": {"name": 7}}""", "metadata.name: expected a string, found 7")]
    [InlineData("""{"metadata": {"name": {}}}""", "metadata.name: expected a string, found an object")]
    [InlineData("""{"metadata": {"name": "\ud800"}}""", "metadata.name: expected a string, found \"\\ud800\"")]
    [InlineData("""{"metadata": {"generation": "1"}}""", "metadata.generation: expected a whole number, found \"1\"")]
    [InlineData("""{"metadata": {"generation": null}}""", "metadata.generation: expected a whole number, found null")]
    [InlineData("""{"metadata": {"generation": 1.5}}""", "metadata.generation: expected a whole number, found 1.5")]
    [InlineData("""{"metadata": {"generation": 9223372036854775808}}""", "metadata.generation: expected a whole number from -9223372036854775808 to 9223372036854775807, found 9223372036854775808")]
    [InlineData("""{"metadata": {"creationTimestamp": "yesterday"}}""", "metadata.creationTimestamp: expected a time such as 2026-11-21T07:33:00Z, found \"yesterday\"")]
    [InlineData("""{"metadata": {"finalizers": "a/b"}}""", "metadata.finalizers: expected an array, found \"a/b\"")]
    [InlineData("""{"metadata": {"finalizers": [1]}}""", "metadata.finalizers[0]: expected a string, found 1")]
    [InlineData("""{"metadata": {"labels": ["a"]}}""", "metadata.labels: expected an object, found an array")]
    [InlineData("""{"metadata": {"labels": {"site": 7}}}""", "metadata.labels.site: expected a string, found 7")]
    [InlineData("""{"metadata": {"labels": {"site": "a", "site": "b"}}}""", "metadata.labels.site: it is there twice")]
    [InlineData("""{"spec": {}, "spec": {}}""", "spec: it is there twice")]
    [InlineData("""{"spec": {"tragetSelector": {}}}""", "spec.tragetSelector: unknown field: there are targetSelector, score")]
    [InlineData("""{"spec": {"targetSelector": {"matchExpressions": [{"key": "a", "values": "b"}]}}}""", "spec.targetSelector.matchExpressions[0].values: expected an array, found \"b\"")]
    [InlineData("""{"spec": {"score": {"PodmanV0": {"containers": [{"ports": [{"containerPort": 99999999999}]}]}}}}""",
        "spec.score.PodmanV0.containers[0].ports[0].containerPort: expected a whole number from -2147483648 to 2147483647, found 99999999999")]
    [InlineData("""{"spec": {"score": {"PodmanV0": {"containers": [{"volumeMounts": [{"readOnly": "yes"}]}]}}}}""", "spec.score.PodmanV0.containers[0].volumeMounts[0].readOnly: expected true or false, found \"yes\"")]
    [InlineData("""{"spec": {"score": {"PodmanV0": {"restartPolicy": 1}}}}""", "spec.score.PodmanV0.restartPolicy: expected one of Always, OnFailure, Never, found 1")]
    [InlineData("""{"status": {"conditions": [{"status": "True"}]}}""", "status.conditions[0].type: Required value: it must be there")]
    [InlineData("""{"status": {"aggregate": {"lastError": {"device": "-", "message": "", "at": "2026-11-21T07:33:00Z"}}}}""",
        "status.aggregate.lastError.device: expected a name (1 to 63 characters of a-z, 0-9 and '-', beginning and ending with a letter or digit), found \"-\"")]
    [InlineData("""{"metadata": {"name": 1}, "spec": []}""", "metadata.name: expected a string, found 1; spec: expected an object, found an array")]
    [InlineData("""{"metadata": {"name": ["0123456789012345678901234567890123456789"], "uid": 1234567890123456789012345678901234567890123}}""",
        "metadata.name: expected a string, found an array; metadata.uid: expected a string, found 1234567890123456789012345678901234567890...")]
    public void Find_WhatIsNotOfTheShape_TellsItsPath_WhatWasExpected_AndWhatWasFound(string json, string errors) =>
        string.Join("; ", ContractShape.Find(ResourceTypes.Deployments.Json, JsonElement.Parse(json))).ShouldBe(errors);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"metadata":{"name":null,"labels":null,"finalizers":null,"deletionTimestamp":null,"labels ":{}},"spec":null}""", "metadata.labels ")]
    [InlineData("""{"spec":{"targetSelector":{"matchExpressions":null},"score":{"PodmanV0":{"containers":[{"limits":{"memoryBytes":null}}]}}},"status":{"conditions":[null]}}""")]
    public void Find_WhatIsOfTheShape_TellsNothingOfIt(string json, string? unknown = null) =>
        ContractShape.Find(ResourceTypes.Deployments.Json, JsonElement.Parse(json)).Select(error => error.Path).ShouldBe(unknown is null ? [] : [unknown]);

    [Fact]
    public void Find_DigestThatIsNone_SaysWhatItIs() =>
        string.Join("; ", ContractShape.Find(ContractsJson.Api.LostDeployments, JsonElement.Parse("""{"items": [{"scoreDigests": ["abc"]}]}""")))
            .ShouldBe("items[0].scoreDigests[0]: expected 64 hexadecimal digits, found \"abc\"");
}
