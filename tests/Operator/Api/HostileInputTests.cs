using System.Net.Http.Headers;
using System.Text;

namespace Harmony.Fleet.Tests.Operator.Api;

/// <summary>Whatever is sent: a Status of 4xx, and the operator goes on.</summary>
public sealed class HostileInputTests
{
    public static TheoryData<string, byte[]> Bodies => new()
    {
        { "empty", [] },
        { "blank", "  \n "u8.ToArray() },
        { "null", "null"u8.ToArray() },
        { "array", "[]"u8.ToArray() },
        { "text", "\"web\""u8.ToArray() },
        { "number", "1e999"u8.ToArray() },
        { "NaN", "NaN"u8.ToArray() },
        { "cut", "{\"metadata\":{\"name\":\"we"u8.ToArray() },
        { "two documents", "{}{}"u8.ToArray() },
        { "comment", "/* */ {}"u8.ToArray() },
        { "deep objects", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"spec\":", 20_000))) },
        { "deep arrays", Encoding.UTF8.GetBytes("{\"metadata\":{\"finalizers\":" + new string('[', 20_000)) },
        { "bad UTF-8", [.. "{\"metadata\":{\"name\":\""u8, 0xC3, 0x28, .. "\"}}"u8] },
        { "UTF-16", Encoding.Unicode.GetBytes("{\"spec\":{}}") },
        { "lone surrogate", "{\"metadata\":{\"annotations\":{\"a\":\"\\ud800\"}}}"u8.ToArray() },
        { "lone surrogate as a key", "{\"metadata\":{\"labels\":{\"\\ud800\":\"a\"}}}"u8.ToArray() },
        { "NUL in a label", "{\"metadata\":{\"labels\":{\"a\":\"\\u0000\"}}}"u8.ToArray() },
        { "metadata as text", "{\"metadata\":\"web\"}"u8.ToArray() },
        { "labels as a list", "{\"metadata\":{\"labels\":[\"a\"]}}"u8.ToArray() },
        { "null label", "{\"metadata\":{\"labels\":{\"a\":null}}}"u8.ToArray() },
        { "null finalizer", "{\"metadata\":{\"finalizers\":[null]}}"u8.ToArray() },
        { "number as a name", "{\"metadata\":{\"name\":7}}"u8.ToArray() },
        { "huge generation", "{\"metadata\":{\"generation\":99999999999999999999999}}"u8.ToArray() },
        { "bad time", "{\"metadata\":{\"creationTimestamp\":\"yesterday\"}}"u8.ToArray() },
        { "same key twice", "{\"spec\":{},\"spec\":{}}"u8.ToArray() },
        { "null container", "{\"spec\":{\"score\":{\"PodmanV0\":{\"containers\":[null]}}}}"u8.ToArray() },
        { "null env", "{\"spec\":{\"score\":{\"PodmanV0\":{\"containers\":[{\"name\":\"a\",\"image\":\"docker.io/a/b:1\",\"env\":[null],\"ports\":[null],\"volumeMounts\":[null],\"args\":[null],\"command\":[null]}]}}}}"u8.ToArray() },
        { "null term", "{\"spec\":{\"targetSelector\":{\"matchExpressions\":[null]}}}"u8.ToArray() },
        { "null values", "{\"spec\":{\"targetSelector\":{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\",\"values\":[null]}]}}}"u8.ToArray() },
        { "null match label", "{\"spec\":{\"targetSelector\":{\"matchLabels\":{\"a\":null}}}}"u8.ToArray() },
        { "port out of range", "{\"spec\":{\"score\":{\"PodmanV0\":{\"containers\":[{\"name\":\"a\",\"image\":\"b\",\"ports\":[{\"containerPort\":70000,\"hostPort\":-1}]}]}}}}"u8.ToArray() },
        { "fraction as a port", "{\"spec\":{\"score\":{\"PodmanV0\":{\"containers\":[{\"name\":\"a\",\"image\":\"b\",\"ports\":[{\"containerPort\":1.5}]}]}}}}"u8.ToArray() },
        { "1 MiB", Encoding.UTF8.GetBytes("{\"metadata\":{\"annotations\":{\"a\":\"" + new string('x', 1024 * 1024) + "\"}}}") },
        { "300 KiB of blanks", Encoding.UTF8.GetBytes(new string(' ', 300 * 1024)) },
        { "many labels", Encoding.UTF8.GetBytes("{\"metadata\":{\"labels\":{" + string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"\"l{i}\":\"v\"")) + "}}}") },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_Hostile_IsAStatusOf4xx(string what, byte[] body)
    {
        await using var fleet = await OperatorUnderTest.StartAsync();
        foreach (var (method, path) in new[] { (HttpMethod.Put, Samples.Web), (HttpMethod.Post, Samples.Deployments), (HttpMethod.Put, Samples.Pi) })
        {
            using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

            var answer = await fleet.SendAsync(request);

            if (path == Samples.Pi && answer.Code == 201)
            {
                // What is hostile in a Deployment's own fields may be ignored metadata of a Device.
                continue;
            }

            answer.Code.ShouldBeInRange(400, 499, what);
            answer.Body.GetProperty("kind").GetString().ShouldBe("Status");
        }

        (await fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment())).Code.ShouldBe(201);
    }

    [Fact]
    public async Task Body_TooLarge_Is413AlsoWithoutALength()
    {
        await using var fleet = await OperatorUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, Samples.Web) { Content = new StreamContent(new MemoryStream(new byte[400 * 1024])) };
        request.Headers.TransferEncodingChunked = true;

        (await fleet.SendAsync(request)).ShouldBeStatus(413, "RequestEntityTooLarge", "262144");
    }

    [Fact]
    public async Task Body_Malformed_SaysWhere()
    {
        await using var fleet = await OperatorUnderTest.StartAsync();

        (await fleet.SendAsync(HttpMethod.Put, Samples.Web, "{\n  \"spec\": oops }")).ShouldBeStatus(400, "BadRequest", "line 2, column 11");
        (await fleet.SendAsync(HttpMethod.Put, Samples.Web, "{\n  \"spec\": {\"score\": 7} }")).ShouldBeStatus(400, "BadRequest", "spec.score");
    }

    [Theory]
    [InlineData("/api/v1/namespaces/plant/deployments/%00")]
    [InlineData("/api/v1/namespaces/%2e%2e/deployments/web")]
    [InlineData("/api/v1/namespaces/plant/deployments/WEB")]
    [InlineData("/api/v1/devices/%F0%9F%90%9A")]
    [InlineData("/api/v1/devices/a%2Fb")]
    [InlineData("/api/v1/devices/*/desired")]
    [InlineData("/api/v1/kv/device-info/%3E")]
    [InlineData("/api/v1/kv/device-info/*")]
    [InlineData("/api/v1/kv/KV_device-info")]
    public async Task Path_Hostile_Is4xx(string path)
    {
        await using var fleet = await OperatorUnderTest.StartAsync();

        (await fleet.SendAsync(HttpMethod.Get, path)).Code.ShouldBeInRange(400, 499);
        (await fleet.SendAsync(HttpMethod.Put, path, Samples.Deployment(name: null))).Code.ShouldBeInRange(400, 499);
    }

    [Fact]
    public async Task UnknownPath_Is404AndWrongMethod_Is405AsStatus()
    {
        await using var fleet = await OperatorUnderTest.StartAsync();

        (await fleet.SendAsync(HttpMethod.Get, "/api/v2/devices")).ShouldBeStatus(404, "NotFound", "/api/v2/devices");
        (await fleet.SendAsync(HttpMethod.Patch, Samples.Web, "{}")).ShouldBeStatus(405, "MethodNotAllowed", "PATCH");
        (await fleet.SendAsync(HttpMethod.Post, Samples.Devices, "{}")).ShouldBeStatus(405, "MethodNotAllowed", "GET");
    }
}
