using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Operator.Api;

public sealed class BucketApiTests : IAsyncLifetime
{
    private readonly FakeBroker broker = new();
    private FakeBus? bus;
    private OperatorUnderTest? started;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private OperatorUnderTest Fleet => started!;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { BucketNames.DeviceInfo, BucketNames.DeviceState, BucketNames.DeviceHeartbeat, BucketNames.DesiredState, BucketNames.Scores })
        {
            await broker.EnsureBucketAsync(new BucketSettings { Name = name }, Stop);
        }

        started = await OperatorUnderTest.StartAsync(bus: bus = broker.Connect());
    }

    public ValueTask DisposeAsync() => Fleet.DisposeAsync();

    [Fact]
    public async Task Kv_ListsTheBuckets()
    {
        await PutAsync("pi-1", "{}");

        var (code, body) = await Fleet.SendAsync(HttpMethod.Get, "/api/v1/kv");

        code.ShouldBe(200);
        var items = body.GetProperty("items").EnumerateArray().ToDictionary(item => item.GetProperty("name").GetString()!, item => item.GetProperty("keys").GetInt64());
        items.Keys.ShouldBe(["desired-state", "device-heartbeat", "device-info", "device-state", "scores"]);
        items["device-info"].ShouldBe(1);
    }

    [Fact]
    public async Task Bucket_ListsItsKeysInOrder()
    {
        await PutAsync("pi-2", "{}");
        await PutAsync("pi-1", "{}");

        (await Fleet.SendAsync(HttpMethod.Get, "/api/v1/kv/device-info")).Body.GetProperty("items").ToString().ShouldBe("""["pi-1","pi-2"]""");
    }

    [Fact]
    public async Task Value_OfJson_IsShownAsJsonWithItsMac()
    {
        await PutAsync("pi-1", """{"device":"pi-1","n":[1,2]}""", "1:mac");

        var (code, body) = await Fleet.SendAsync(HttpMethod.Get, "/api/v1/kv/device-info/pi-1");

        code.ShouldBe(200);
        body.GetProperty("value").ToString().ShouldBe("""{"device":"pi-1","n":[1,2]}""");
        body.GetProperty("mac").GetString().ShouldBe("1:mac");
        body.GetProperty("revision").GetInt64().ShouldBe(1);
        body.GetProperty("deleted").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("no JSON at all")]
    [InlineData("{\"cut\":")]
    [InlineData("")]
    public async Task Value_OfAnythingElse_IsShownAsBytes(string value)
    {
        await PutAsync("pi-1", value);

        var (_, body) = await Fleet.SendAsync(HttpMethod.Get, "/api/v1/kv/device-info/pi-1");

        body.TryGetProperty("value", out _).ShouldBeFalse();
        Encoding.UTF8.GetString(body.GetProperty("base64").GetBytesFromBase64()).ShouldBe(value);
    }

    [Theory]
    [InlineData(29)]
    [InlineData(30)]
    [InlineData(31)]
    [InlineData(40)]
    [InlineData(5_000)]
    public async Task Value_NestedDeeply_IsShownOneWayOrTheOther(int depth)
    {
        await PutAsync("pi-1", new string('[', depth) + new string(']', depth));

        var (code, body) = await Fleet.SendAsync(HttpMethod.Get, "/api/v1/kv/device-info/pi-1");

        code.ShouldBe(200);
        (body.TryGetProperty("value", out _) ^ body.TryGetProperty("base64", out _)).ShouldBeTrue();
    }

    [Fact]
    public async Task Value_OfNothing_Is404() => (await Fleet.SendAsync(HttpMethod.Get, "/api/v1/kv/device-info/pi-1")).ShouldBeStatus(404, "NotFound", "pi-1");

    [Fact]
    public async Task Watch_ShowsValuesThenChanges()
    {
        await PutAsync("pi-1", "1");
        var response = await Fleet.Client.GetAsync("/api/v1/kv/device-info?watch=true", HttpCompletionOption.ResponseHeadersRead, Stop);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Stop));
        (await NextAsync(lines)).GetProperty("value").GetInt32().ShouldBe(1);

        await PutAsync("pi-1", "2");
        await broker.Connect().Bucket(BucketNames.DeviceInfo).RemoveAsync("pi-1", Stop);

        (await NextAsync(lines)).GetProperty("value").GetInt32().ShouldBe(2);
        var deleted = await NextAsync(lines);
        deleted.GetProperty("key").GetString().ShouldBe("pi-1");
        deleted.GetProperty("deleted").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Values_EndWithWhatIsThere()
    {
        await PutAsync("pi-1", "1");
        await PutAsync("pi-2", "2");

        var lines = (await Fleet.Client.GetStringAsync("/api/v1/kv/device-info?values=true", Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Select(line => JsonElement.Parse(line).GetProperty("key").GetString()).ShouldBe(["pi-1", "pi-2"], ignoreOrder: true);
        (await Fleet.SendAsync(HttpMethod.Get, "/api/v1/kv/device-info?values=maybe")).ShouldBeStatus(400, "BadRequest", "values");
        bus!.GoDown();
        (await Fleet.SendAsync(HttpMethod.Get, "/api/v1/kv/device-info?values=true")).ShouldBeStatus(503, "ServiceUnavailable", "NATS");
    }

    /// <summary>No operator writes such a manifest, but whoever may write into the bucket can.</summary>
    [Fact]
    public async Task Manifest_WithAFieldTwice_IsShownWithoutAnyKey_AndEndsNoList()
    {
        var desired = broker.Connect().Bucket(BucketNames.DesiredState);
        foreach (var (key, value) in ((string, string)[])
        [
            ("pi-1", """{"entries":[{"key":"AAAA","key":"BBBB","n":1}],"entries":[{"key":"CCCC"}],"x":1,"x":2}"""), ("pi-2", """{"entries":[{"key":"DDDD"},7],"y":[]}"""), ("pi-3", """{"entries":{"key":"shown"}}"""),
        ])
        {
            (await desired.PutAsync(key, Encoding.UTF8.GetBytes(value), BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Stored>();
        }

        var (code, body) = await Fleet.SendAsync(HttpMethod.Get, "/api/v1/kv/desired-state/pi-1");
        code.ShouldBe(200);
        body.GetProperty("value").GetRawText().ShouldBe("""{"entries":[{"key":"***","key":"***","n":1}],"entries":[{"key":"***"}],"x":1,"x":2}""");

        var lines = (await Fleet.Client.GetStringAsync("/api/v1/kv/desired-state?values=true", Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => JsonElement.Parse(line).GetProperty("value").GetRawText()).Skip(1).ShouldBe(["""{"entries":[{"key":"***"},7],"y":[]}""", """{"entries":{"key":"shown"}}"""]);
    }

    private static async Task<JsonElement> NextAsync(StreamReader lines) =>
        JsonDocument.Parse((await lines.ReadLineAsync(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Stop)).ShouldNotBeNull()).RootElement;

    private async Task PutAsync(string key, string value, string? mac = null) =>
        (await broker.Connect().Bucket(BucketNames.DeviceInfo).PutAsync(key, Encoding.UTF8.GetBytes(value), new BusHeaders(mac), Stop)).ShouldBeOfType<PutOutcome.Stored>();
}
