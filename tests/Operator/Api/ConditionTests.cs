using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;

namespace Harmony.Fleet.Tests.Operator.Api;

/// <summary>If-Match and If-None-Match are honoured where a path takes them, and refused everywhere else.</summary>
public sealed class ConditionTests : IAsyncLifetime
{
    private readonly InMemoryResourceStore store = new(TimeProvider.System);
    private OperatorUnderTest? started;
    private string first = string.Empty;
    private string second = string.Empty;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private OperatorUnderTest Fleet => started!;

    public async ValueTask InitializeAsync()
    {
        started = await OperatorUnderTest.StartAsync(store);
        first = Tag((await AskAsync(HttpMethod.Put, Samples.Pi, Samples.Device(value: "a"))).Body);
        second = Tag((await AskAsync(HttpMethod.Put, Samples.Pi, Samples.Device(value: "b"))).Body);
    }

    public ValueTask DisposeAsync() => Fleet.DisposeAsync();

    [Fact]
    public async Task Answers_CarryTheVersionAsEntityTag()
    {
        (await AskAsync(HttpMethod.Get, Samples.Pi)).Tag.ShouldBe(second);
        var written = await AskAsync(HttpMethod.Put, Samples.Pi, Samples.Device(value: "c"));
        written.Tag.ShouldBe(Tag(written.Body));
        (await AskAsync(HttpMethod.Delete, Samples.Pi)).Tag.ShouldNotBeNull();
    }

    public static TheoryData<string, string, int, int, int> Cases => new()
    {
        // header, value, what comes of GET, PUT and DELETE. OLD stands for the version before, NOW for the present one.
        { "If-Match", "NOW", 200, 200, 200 },
        { "If-Match", "OLD", 412, 412, 412 },
        { "If-Match", "OLD, NOW", 200, 200, 200 },
        { "If-Match", "*", 200, 200, 200 },
        { "If-Match", "W/NOW", 412, 412, 412 },
        { "If-Match", "\"other\"", 412, 412, 412 },
        { "If-Match", "12", 400, 400, 400 },
        { "If-Match", "", 400, 400, 400 },
        { "If-Match", "*, OLD", 400, 400, 400 },
        { "If-Match", "OLD, *", 400, 400, 400 },
        { "If-None-Match", "*, OLD", 400, 400, 400 },
        { "If-None-Match", "NOW", 304, 412, 412 },
        { "If-None-Match", "W/NOW", 304, 412, 412 },
        { "If-None-Match", "OLD, NOW", 304, 412, 412 },
        { "If-None-Match", "*", 304, 412, 412 },
        { "If-None-Match", "OLD", 200, 200, 200 },
        { "If-None-Match", "nonsense", 400, 400, 400 },
        { "If-Unmodified-Since", "Thu, 26 Nov 2026 12:00:00 GMT", 400, 400, 400 },
        { "If-Range", "NOW", 400, 400, 400 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Condition_OnAResource_IsHonoured(string header, string value, int get, int put, int delete)
    {
        var sent = value.Replace("OLD", first, StringComparison.Ordinal).Replace("NOW", second, StringComparison.Ordinal);
        (await AskAsync(HttpMethod.Get, Samples.Pi, null, (header, sent))).Code.ShouldBe(get);
        var written = await AskAsync(HttpMethod.Put, Samples.Pi, Samples.Device(value: "c"), (header, sent));
        written.Code.ShouldBe(put);
        if (put == 200)
        {
            sent = sent.Replace(second, Tag(written.Body), StringComparison.Ordinal);
        }

        var deleted = await AskAsync(HttpMethod.Delete, Samples.Pi, null, (header, sent));
        deleted.Code.ShouldBe(delete);
        if (delete == 412)
        {
            (deleted.Code, deleted.Body).ShouldBeStatus(412, "PreconditionFailed", header);
            Label((await AskAsync(HttpMethod.Get, Samples.Pi)).Body).ShouldBe("b");
        }
    }

    [Fact]
    public async Task Condition_OnWhatIsNotThere_TellsCreationFromUpdate()
    {
        (await AskAsync(HttpMethod.Put, Samples.Web, Samples.Deployment(), ("If-Match", "*"))).Code.ShouldBe(412);
        (await AskAsync(HttpMethod.Get, Samples.Web, null, ("If-None-Match", "*"))).Code.ShouldBe(404);
        (await AskAsync(HttpMethod.Put, Samples.Web, Samples.Deployment(), ("If-None-Match", "*"))).Code.ShouldBe(201);
        (await AskAsync(HttpMethod.Put, Samples.Web, Samples.Deployment(), ("If-None-Match", "*"))).Code.ShouldBe(412);
    }

    /// <summary>Somebody else writes between the look and the write: what held no longer does.</summary>
    [Fact]
    public async Task Condition_OvertakenByAnotherWrite_IsJudgedAgain()
    {
        var racing = new RacingStore(store, "pi-1");
        await using var other = await OperatorUnderTest.StartAsync(racing);
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete })
        {
            var present = (await AskAsync(HttpMethod.Get, Samples.Pi)).Tag!;
            racing.Race();
            (await AskAsync(method, Samples.Pi, method == HttpMethod.Put ? Samples.Device(value: "mine") : null, ("If-Match", present), other.Client)).Code.ShouldBe(412);
            Label((await AskAsync(HttpMethod.Get, Samples.Pi)).Body).ShouldStartWith("theirs");
        }
    }

    [Theory]
    [InlineData("GET", Samples.Devices)]
    [InlineData("GET", Samples.Deployments)]
    [InlineData("POST", Samples.Deployments)]
    [InlineData("POST", Samples.Pi + "/ping")]
    [InlineData("GET", Samples.Pi + "/desired")]
    [InlineData("GET", Samples.Pi + "/logs?namespace=plant&deployment=web")]
    [InlineData("GET", "/api/v1/kv")]
    [InlineData("GET", "/api/v1/kv/device-info")]
    [InlineData("GET", "/api/v1/kv/device-info/pi-1")]
    public async Task Condition_WhereItIsNotHonoured_IsRefused(string method, string path)
    {
        foreach (var header in new[] { "If-Match", "If-None-Match" })
        {
            var answer = await AskAsync(new HttpMethod(method), path, method == "POST" ? Samples.Deployment() : null, (header, "*"));
            (answer.Code, answer.Body).ShouldBeStatus(400, "BadRequest", header);
        }

        (await AskAsync(HttpMethod.Get, Samples.Web)).Code.ShouldBe(404);
    }

    /// <summary>A store in which somebody else writes right after the next read.</summary>
    private sealed class RacingStore(IResourceStore inner, string device) : IResourceStore
    {
        private int races;
        private bool isArmed;

        public void Race() => isArmed = true;

        public async Task<StoreOutcome<T>> GetAsync<T>(ResourceType<T> type, ResourceKey key, CancellationToken cancellationToken)
            where T : class, IResource
        {
            var seen = await inner.GetAsync(type, key, cancellationToken);
            if (isArmed)
            {
                isArmed = false;
                var present = (await inner.GetAsync(ResourceTypes.Devices, new(null, device), cancellationToken)).ShouldBeOfType<StoreOutcome<Device>.Ok>().Resource;
                var theirs = present with { Spec = new() { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("site", $"theirs-{++races}") } };
                (await inner.UpdateAsync(ResourceTypes.Devices, theirs, cancellationToken)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
            }

            return seen;
        }

        public Task<StoreOutcome<T>> RestoreAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
            where T : class, IResource => inner.RestoreAsync(type, resource, cancellationToken);

        public Task<RemovedOutcome> DeclareRemovedAsync<T>(ResourceType<T> type, ImmutableArray<LostResource> lost, CancellationToken cancellationToken)
            where T : class, IResource => inner.DeclareRemovedAsync(type, lost, cancellationToken);

        public Task<StoreOutcome<T>> CreateAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
            where T : class, IResource => inner.CreateAsync(type, resource, cancellationToken);

        public Task<ListOutcome<T>> ListAsync<T>(ResourceType<T> type, ListOptions options, CancellationToken cancellationToken)
            where T : class, IResource => inner.ListAsync(type, options, cancellationToken);

        public Task<StoreOutcome<T>> UpdateAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
            where T : class, IResource => inner.UpdateAsync(type, resource, cancellationToken);

        public Task<StoreOutcome<T>> PatchStatusAsync<T, TStatus>(
            ResourceType<T, TStatus> type, ResourceRevision revision, TStatus status, CancellationToken cancellationToken)
            where T : class, IResource
            where TStatus : class => inner.PatchStatusAsync(type, revision, status, cancellationToken);

        public Task<StoreOutcome<T>> PatchFinalizersAsync<T>(
            ResourceType<T> type, ResourceRevision revision, ImmutableArray<string> finalizers, CancellationToken cancellationToken)
            where T : class, IResource => inner.PatchFinalizersAsync(type, revision, finalizers, cancellationToken);

        public Task<RemovedOutcome> FindRemovedAsync<T>(ResourceType<T> type, ImmutableArray<LostResource> asked, CancellationToken cancellationToken)
            where T : class, IResource => inner.FindRemovedAsync(type, asked, cancellationToken);

        public Task<StoreOutcome<T>> DeleteAsync<T>(ResourceType<T> type, ResourceKey key, DeletePreconditions preconditions, CancellationToken cancellationToken)
            where T : class, IResource => inner.DeleteAsync(type, key, preconditions, cancellationToken);

        public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(ResourceType<T> type, WatchOptions options, CancellationToken cancellationToken)
            where T : class, IResource => inner.WatchAsync(type, options, cancellationToken);
    }

    private static string Tag(JsonElement resource) => $"\"{Samples.Version(resource)}\"";

    private static string Label(JsonElement device) => device.GetProperty("spec").GetProperty("labels").GetProperty("site").GetString()!;

    private async Task<(int Code, JsonElement Body, string? Tag)> AskAsync(
        HttpMethod method, string path, string? json = null, (string Name, string Value)? header = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        if (header is { } given)
        {
            request.Headers.TryAddWithoutValidation(given.Name, given.Value).ShouldBeTrue();
        }

        using var response = await (client ?? Fleet.Client).SendAsync(request, Stop);
        var text = await response.Content.ReadAsStringAsync(Stop);
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement, response.Headers.ETag?.Tag);
    }
}
