using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;

namespace Harmony.Fleet.Tests.Operator.Api;

public sealed class WatchApiTests : IAsyncLifetime
{
    private readonly InMemoryResourceStore store = new(TimeProvider.System);
    private OperatorUnderTest? started;

    private OperatorUnderTest Fleet => started!;

    public async ValueTask InitializeAsync() => started = await OperatorUnderTest.StartAsync(store);

    public ValueTask DisposeAsync() => Fleet.DisposeAsync();

    [Fact]
    public async Task Watch_WithoutAVersion_ShowsWhatIsThereThenChanges()
    {
        await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment());
        using var lines = await LinesAsync(Samples.Deployments + "?watch=true");

        (await NextAsync(lines)).Type.ShouldBe("ADDED");
        var bookmark = await NextAsync(lines);
        bookmark.Type.ShouldBe("BOOKMARK");
        Samples.Version(bookmark.Object).ShouldNotBeNullOrEmpty();
        await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment(image: "docker.io/library/web:2"));
        await Fleet.SendAsync(HttpMethod.Delete, Samples.Web);

        var modified = await NextAsync(lines);
        modified.Type.ShouldBe("MODIFIED");
        Samples.Image(modified.Object).ShouldBe("docker.io/library/web:2");
        (await NextAsync(lines)).Object.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _).ShouldBeTrue();
        await ReleaseAsync();
        (await NextAsync(lines)).Type.ShouldBe("DELETED");
    }

    [Fact]
    public async Task Watch_FromAVersion_ShowsWhatFollows()
    {
        var first = await Fleet.SendAsync(HttpMethod.Put, Samples.Deployments + "/a", Samples.Deployment("a"));
        await Fleet.SendAsync(HttpMethod.Put, Samples.Deployments + "/b", Samples.Deployment("b"));
        using var lines = await LinesAsync($"/api/v1/deployments?watch=1&resourceVersion={Samples.Version(first.Body)}");

        var next = await NextAsync(lines);

        next.Type.ShouldBe("ADDED");
        next.Object.GetProperty("metadata").GetProperty("name").GetString().ShouldBe("b");
    }

    [Fact]
    public async Task Watch_FromAForgottenVersion_IsAnErrorOf410AndEnds()
    {
        var first = await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment());
        store.ForgetHistory();
        using var lines = await LinesAsync($"{Samples.Deployments}?watch=true&resourceVersion={Samples.Version(first.Body)}");

        var error = await NextAsync(lines);

        error.Type.ShouldBe("ERROR");
        (error.Object.GetProperty("code").GetInt32(), error.Object).ShouldBeStatus(410, "Expired");
        (await lines.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task Watch_OfASelector_ShowsThoseThatMatch()
    {
        using var lines = await LinesAsync(Samples.Deployments + "?watch=true&labelSelector=tier%20in%20(front)");
        (await NextAsync(lines)).Type.ShouldBe("BOOKMARK");
        await Fleet.SendAsync(HttpMethod.Put, Samples.Deployments + "/a", Samples.Deployment("a"));
        var labelled = Samples.Deployment("b").Replace("\"metadata\":{", "\"metadata\":{\"labels\":{\"tier\":\"front\"},", StringComparison.Ordinal);
        await Fleet.SendAsync(HttpMethod.Put, Samples.Deployments + "/b", labelled);

        (await NextAsync(lines)).Object.GetProperty("metadata").GetProperty("name").GetString().ShouldBe("b");
    }

    [Fact]
    public async Task Watch_WhenTheOperatorStops_Ends()
    {
        using var lines = await LinesAsync(Samples.Deployments + "?watch=true");
        (await NextAsync(lines)).Type.ShouldBe("BOOKMARK");

        var stop = Fleet.StopAsync();

        (await lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBeNull();
        await stop;
    }

    [Fact]
    public async Task Watch_WhoseClientGoesAway_LeavesTheOperatorWell()
    {
        for (var i = 0; i < 20; i++)
        {
            using var lines = await LinesAsync(Samples.Deployments + "?watch=true");
            (await NextAsync(lines)).Type.ShouldBe("BOOKMARK");
        }

        (await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment())).Code.ShouldBe(201);
    }

    /// <summary>As the control loop does once the deployment left the manifests.</summary>
    private async Task ReleaseAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        var held = (await store.GetAsync(ResourceTypes.Deployments, new ResourceKey("plant", "web"), stop)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>().Resource;
        await store.PatchFinalizersAsync(ResourceTypes.Deployments, ResourceRevision.Of(held.Metadata), [], stop);
    }

    private async Task<StreamReader> LinesAsync(string path)
    {
        var response = await Fleet.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        ((int)response.StatusCode).ShouldBe(200);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        return new StreamReader(await response.Content.ReadAsStreamAsync());
    }

    private static async Task<(string Type, JsonElement Object)> NextAsync(StreamReader lines)
    {
        var line = await lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        var json = JsonDocument.Parse(line.ShouldNotBeNull()).RootElement;
        return (json.GetProperty("type").GetString()!, json.GetProperty("object"));
    }
}
