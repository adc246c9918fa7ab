using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Operator.Api;

/// <summary>Whatever is wrong with a body is told in the words of its fields, and never by the name of a type of this program.</summary>
public sealed class WrongInputTests
{
    private const string Adopt = "/api/v1/recovery/adopt";
    private const string Drop = "/api/v1/recovery/drop";

    [Theory]
    [InlineData("PUT", Samples.Web, "[]", "expected an object, found an array")]
    [InlineData("PUT", Samples.Web, "\"web\"", "expected an object, found \"web\"")]
    [InlineData("PUT", Samples.Web, "7", "expected an object, found 7")]
    [InlineData("PUT", Samples.Web, "{", "")]
    [InlineData("PUT", Samples.Web, "{}{}", "")]
    [InlineData("PUT", Samples.Web, "{\"spec\": oops}", "spec: 'o' is an invalid start of a value")]
    [InlineData("PUT", Samples.Web, "{\"spec\": {}, \"spec\": {}}", "spec: it is there twice")]
    [InlineData("PUT", Samples.Web, "{\"metadata\": {\"labels\": {\"a\": \"1\", \"a\": \"2\"}}}", "metadata.labels.a: it is there twice")]
    [InlineData("PUT", Samples.Web, "{\"sepc\": {}}", "sepc: unknown field: there are apiVersion, kind, metadata, spec, status")]
    [InlineData("PUT", Samples.Web, "{\"metadata\": \"web\"}", "metadata: expected an object, found \"web\"")]
    [InlineData("PUT", Samples.Web, "{\"metadata\": {\"name\": 7}}", "metadata.name: expected a string, found 7")]
    [InlineData("PUT", Samples.Web, "{\"metadata\": {\"labels\": [\"a\"]}}", "metadata.labels: expected an object, found an array")]
    [InlineData("PUT", Samples.Web, "{\"metadata\": {\"labels\": {\"a\": 1}}}", "metadata.labels.a: expected a string, found 1")]
    [InlineData("PUT", Samples.Web, "{\"metadata\": {\"finalizers\": {}}}", "metadata.finalizers: expected an array, found an object")]
    [InlineData("PUT", Samples.Web, "{\"metadata\": {\"generation\": \"1\"}}", "metadata.generation: expected a whole number, found \"1\"")]
    [InlineData("PUT", Samples.Web, "{\"metadata\": {\"creationTimestamp\": \"yesterday\"}}", "metadata.creationTimestamp: expected a time such as 2026-11-21T07:33:00Z, found \"yesterday\"")]
    [InlineData("PUT", Samples.Web, "{\"metadata\": {\"annotations\": {\"a\": \"\\ud800\"}}}", "metadata.annotations.a: expected a string, found \"\\ud800\"")]
    [InlineData("PUT", Samples.Web, "{\"metadata\": {\"labels\": {\"\\ud800\": \"a\"}}}", "")]
    [InlineData("PUT", Samples.Web, "{\"spec\": {\"score\": 7}}", "spec.score: expected an object, found 7")]
    [InlineData("PUT", Samples.Web, "{\"spec\": {\"targetSelector\": []}}", "spec.targetSelector: expected an object, found an array")]
    [InlineData("PUT", Samples.Web, "{\"spec\": {\"score\": {\"PodmanV0\": {\"containers\": {}}}}}", "spec.score.PodmanV0.containers: expected an array, found an object")]
    [InlineData("PUT", Samples.Web, "{\"spec\": {\"score\": {\"PodmanV0\": {\"containers\": [{\"ports\": [{\"containerPort\": 1.5}]}]}}}}", "spec.score.PodmanV0.containers[0].ports[0].containerPort: expected a whole number, found 1.5")]
    [InlineData("PUT", Samples.Web, "{\"status\": {\"conditions\": [{}]}}", "status.conditions[0].type: Required value: it must be there")]
    [InlineData("PUT", Samples.Web, "{\"status\": {\"conditions\": \"fine\"}}", "status.conditions: expected an array, found \"fine\"")]
    [InlineData("POST", Samples.Deployments, "{\"spec\": []}", "spec: expected an object, found an array")]
    [InlineData("PUT", Samples.Pi, "{\"spec\": {\"labels\": \"site=a\"}}", "spec.labels: expected an object, found \"site=a\"")]
    [InlineData("PUT", Samples.Pi, "{\"spec\": {\"label\": {}}}", "spec.label: unknown field")]
    [InlineData("DELETE", Samples.Web, "{\"preconditions\": 7}", "preconditions: expected an object, found 7")]
    [InlineData("DELETE", Samples.Web, "{\"preconditions\": {\"uid\": 7}}", "preconditions.uid: expected a string, found 7")]
    [InlineData("DELETE", Samples.Web, "{\"dryRun\": [\"All\"]}", "dryRun: unknown field: there are apiVersion, kind, preconditions")]
    [InlineData("POST", Adopt, "[]", "expected an object, found an array")]
    [InlineData("POST", Adopt, "{\"items\": \"web\"}", "items: expected an array, found \"web\"")]
    [InlineData("POST", Adopt, "{\"selector\": {\"matchLabels\": {}}}", "selector: expected a string, found an object")]
    [InlineData("POST", Drop, "{\"items\": [{\"uids\": \"u-1\"}]}", "items[0].uids: expected an array, found \"u-1\"")]
    [InlineData("POST", Drop, "{\"items\": [{\"uid\": \"u-1\"}]}", "items[0].uid: unknown field: there are namespace, name, uids")]
    [InlineData("POST", Drop, "{\"items\": [7]}", "items[0]: expected an object, found 7")]
    [InlineData("POST", Drop, "", "")]
    public async Task Body_OfAnotherShape_IsToldByItsFields(string method, string path, string body, string words)
    {
        await using var fleet = await OperatorUnderTest.StartAsync();

        var (code, answer) = await fleet.SendAsync(new HttpMethod(method), path, body);

        code.ShouldBe(400, answer.ToString());
        var message = answer.GetProperty("message").GetString()!;
        message.ShouldContain(words);
        ShouldNameNoType(message);
    }

    /// <summary>Every value of a Deployment that says all there is to say, with every other kind of value in its place.</summary>
    [Fact]
    public async Task Body_WithAnyOtherKindOfValueAnywhere_NamesNoType()
    {
        await using var fleet = await OperatorUnderTest.StartAsync();
        var refused = 0;
        foreach (var json in BrokenDeployments.All())
        {
            var (code, answer) = await fleet.SendAsync(HttpMethod.Put, Samples.Web, json);
            if (code >= 400)
            {
                refused++;
                ShouldNameNoType(answer.ToString());
            }
        }

        refused.ShouldBeGreaterThan(100);
    }

    /// <summary>Written by another version, or damaged: what of it cannot be read is told by its path.</summary>
    [Fact]
    public async Task Stored_ThatCannotBeRead_NamesNoType()
    {
        var (store, key) = (new InMemoryResourceStore(TimeProvider.System), new ResourceKey("plant", "web"));
        await using var fleet = await OperatorUnderTest.StartAsync(store);
        (await fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment())).Code.ShouldBe(201);
        store.Replace(ResourceTypes.Deployments, key, parts => parts with { Spec = "{\"spec\":{\"score\":7}}"u8.ToArray() });

        foreach (var (method, body) in new[] { (HttpMethod.Get, null), (HttpMethod.Put, Samples.Deployment()), (HttpMethod.Delete, (string?)null) })
        {
            ShouldNameNoType((await fleet.SendAsync(method, Samples.Web, body)).Body.ToString());
        }

        ShouldNameNoType((await fleet.SendAsync(HttpMethod.Get, Samples.Deployments)).Body.ToString());
    }

    private static void ShouldNameNoType(string text)
    {
        foreach (var name in (string[])["System.", "Harmony.", ".NET"])
        {
            text.ShouldNotContain(name);
        }
    }
}
