using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;

namespace Harmony.Fleet.Tests.Operator.Api;

/// <summary>What a newer operator stored, while this one serves the API for some time.</summary>
public sealed class UnknownMemberTests
{
    [Fact]
    public async Task Put_OverAMemberThatIsNotKnown_KeepsIt()
    {
        var (store, key) = (new InMemoryResourceStore(TimeProvider.System), new ResourceKey("plant", "web"));
        await using var fleet = await OperatorUnderTest.StartAsync(store);
        (await fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment())).Code.ShouldBe(201);
        store.Replace(ResourceTypes.Deployments, key, parts => parts with { Spec = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(parts.Spec).Replace("\"spec\":{", "\"spec\":{\"future\":7,", StringComparison.Ordinal)) });

        var put = await fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment(image: "docker.io/library/other:2"));

        put.Code.ShouldBe(200);
        var spec = JsonDocument.Parse(store.RawOf(ResourceTypes.Deployments, key)).RootElement.GetProperty("spec");
        spec.GetProperty("future").GetInt32().ShouldBe(7);
        spec.GetRawText().ShouldContain("docker.io/library/other:2");
    }
}
