using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Conformance;

public abstract partial class ResourceStoreConformance
{
    /// <summary>A member of Kubernetes' own that this program does not know: what is unknown in metadata is unknown to Kubernetes as well, and dropped.</summary>
    private const string Owner = """{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":"7d2c1c1e-0000-4000-8000-000000000001"}""";

    [Fact]
    public async Task Members_ThatAreNotKnown_SurviveEveryWrite()
    {
        var seen = await OfANewerVersionAsync();

        seen = Done(await StatusAsync(seen, seen.Status! with { Aggregate = new DeploymentAggregate { Succeeded = 2 } }));
        await ShouldHaveUnknownAsync(seen, "a write of the status");
        seen = Done(await FinalizersAsync(seen, Finalizer, "example.com/other"));
        await ShouldHaveUnknownAsync(seen, "a write of the finalizers");
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("app", "web");
        seen = Done(await Store.UpdateAsync(Deployments, seen with { Metadata = seen.Metadata with { Labels = labels } }, Stop));
        await ShouldHaveUnknownAsync(seen, "an update of labels");
        seen = Done(await Store.UpdateAsync(Deployments, WithImage(seen, "web:2"), Stop));
        await ShouldHaveUnknownAsync(seen, "an update of the spec");
        seen = Done(await DeletedAsync(seen));
        await ShouldHaveUnknownAsync(seen, "a delete that waits");

        Image(seen).ShouldBe("web:2");
        seen.Status!.Aggregate.Succeeded.ShouldBe(2);
        seen.Metadata.Finalizers.ShouldBe([Finalizer, "example.com/other"]);
    }

    [Fact]
    public async Task Members_ThatAreNotKnown_AreNoDifference()
    {
        var seen = await OfANewerVersionAsync();

        ShouldBeSame(Done(await Store.UpdateAsync(Deployments, seen, Stop)), seen);
        ShouldBeSame(Done(await StatusAsync(seen, seen.Status!)), seen);
        ShouldBeSame(Done(await FinalizersAsync(seen, Finalizer)), seen);
    }

    [Fact]
    public async Task Members_ThatAreNotKnown_ChangeNoGeneration()
    {
        var seen = await OfANewerVersionAsync();

        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("app", "web");
        var relabelled = Done(await Store.UpdateAsync(Deployments, seen with { Metadata = seen.Metadata with { Labels = labels } }, Stop));

        relabelled.Metadata.Generation.ShouldBe(seen.Metadata.Generation);
        Done(await Store.UpdateAsync(Deployments, WithImage(relabelled, "web:2"), Stop)).Metadata.Generation.ShouldBe(seen.Metadata.Generation + 1);
    }

    private async Task<Deployment> OfANewerVersionAsync()
    {
        var created = Done(await StatusAsync(await CreatedAsync(Guarded()), Succeeded(1)));
        await AddUnknownAsync(
            ResourceKey.Of(created.Metadata),
            $$"""{"ownerReferences":[{{Owner}}]}""",
            """{"future":{"rollout":{"steps":[1,2.50,"x"]}},"score":{"future":true}}""",
            """{"future":"of tomorrow","aggregate":{"future":7}}""");
        return (await StoredAsync(Deployments, created))!;
    }

    private async Task ShouldHaveUnknownAsync(Deployment seen, string after)
    {
        var raw = await RawAsync(ResourceKey.Of(seen.Metadata));
        raw.GetProperty("metadata").GetProperty("ownerReferences")[0].GetProperty("name").GetString().ShouldBe("owner", after);
        raw.GetProperty("spec").GetProperty("future").GetRawText().ShouldBe("""{"rollout":{"steps":[1,2.50,"x"]}}""", after);
        raw.GetProperty("spec").GetProperty("score").GetProperty("future").ValueKind.ShouldBe(JsonValueKind.True, after);
        raw.GetProperty("status").GetProperty("future").GetString().ShouldBe("of tomorrow", after);
        raw.GetProperty("status").GetProperty("aggregate").GetProperty("future").GetInt32().ShouldBe(7, after);
        ShouldBeSame(await StoredAsync(Deployments, seen), seen);
    }
}
