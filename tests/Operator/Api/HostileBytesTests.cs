using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Operator.Sessions;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Tests.Operator.Api;

/// <summary>What a device stores or says is shown whole, whatever its bytes are, and ends no answer and no stream of others.</summary>
public sealed class HostileBytesTests : IAsyncLifetime
{
    private readonly FakeBroker broker = new();
    private readonly FakeDeviceCommands commands = new();
    private OperatorUnderTest? started;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private OperatorUnderTest Fleet => started!;

    /// <summary>Each, and whether it can be shown as JSON.</summary>
    public static TheoryData<string, byte[], bool> Values => new()
    {
        { "half a surrogate pair", "{\"x\":\"\\ud800\"}"u8.ToArray(), false },
        { "the other half", "[\"\\udc00\"]"u8.ToArray(), false },
        { "both, the wrong way round", "[\"\\udc00\\ud800\"]"u8.ToArray(), false },
        { "half a pair as a name", "{\"\\ud800\":1}"u8.ToArray(), false },
        { "half a pair, deep down", Encoding.UTF8.GetBytes(new string('[', 20) + "\"\\udbff\"" + new string(']', 20)), false },
        { "half a pair, after much that is well", Encoding.UTF8.GetBytes($"[\"{new string('x', 60_000)}\",\"\\ud800\"]"), false },
        { "a surrogate in UTF-8", [.. "{\"x\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8], false },
        { "no UTF-8 in a text", [.. "{\"x\":\""u8, 0xFF, .. "\"}"u8], false },
        { "no UTF-8 in a name", [.. "{\""u8, 0xC3, 0x28, .. "\":1}"u8], false },
        { "overlong UTF-8", [.. "[\""u8, 0xC0, 0x80, .. "\"]"u8], false },
        { "cut within a character", [.. "[\""u8, 0xE2, 0x82], false },
        { "a byte order mark", [0xEF, 0xBB, 0xBF, .. "{}"u8], false },
        { "UTF-16", Encoding.Unicode.GetBytes("{}"), false },
        { "NaN", "{\"load\":NaN}"u8.ToArray(), false },
        { "Infinity", "[-Infinity]"u8.ToArray(), false },
        { "1 MiB of depth", Encoding.UTF8.GetBytes(new string('[', 1 << 20)), false },
        { "1 MiB of depth, closed", Encoding.UTF8.GetBytes(new string('[', 1 << 19) + new string(']', 1 << 19)), false },
        { "NULs", new byte[64], false },
        { "every byte", [.. Enumerable.Range(0, 256).Select(value => (byte)value)], false },
        { "a whole pair", "{\"x\":\"\\ud83d\\ude00\"}"u8.ToArray(), true },
        { "control characters", "{\"x\":\"\\u0000\\u001b[2J\\r\\n\\u0085\\u2028\"}"u8.ToArray(), true },
        { "lines", "{\n\"x\"\r\n:\n1\n}\n"u8.ToArray(), true },
        { "a number beyond every double", "[1e999,-1e-999]"u8.ToArray(), true },
        { "a number of ten thousand digits", Encoding.UTF8.GetBytes(new string('9', 10_000)), true },
        { "one name twice", "{\"a\":1,\"a\":2}"u8.ToArray(), true },
        { "null", "null"u8.ToArray(), true },
        { "nulls in a list", "[null]"u8.ToArray(), true },
    };

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { BucketNames.DeviceInfo, BucketNames.DeviceState, BucketNames.DeviceHeartbeat, BucketNames.DesiredState, BucketNames.Scores })
        {
            await broker.EnsureBucketAsync(new BucketSettings { Name = name, MaxValueBytes = 2 << 20 }, Stop);
        }

        started = await OperatorUnderTest.StartAsync(bus: broker.Connect(), more: services => services.AddSingleton<IDeviceCommands>(commands));
    }

    public ValueTask DisposeAsync() => Fleet.DisposeAsync();

    [Theory]
    [MemberData(nameof(Values))]
    public async Task StoredBytes_WhateverTheyAre_AreShownAndEndNothing(string what, byte[] value, bool isJson)
    {
        await PutAsync("pi-0", "0"u8.ToArray());
        await PutAsync("pi-1", value, "\ud800\u0000\n1:mac");
        await PutAsync("pi-2", "2"u8.ToArray());

        var (code, shown) = await Fleet.SendAsync(HttpMethod.Get, "/api/v1/kv/device-info/pi-1");
        code.ShouldBe(200, what);
        ShouldShow(shown, value, isJson);
        (await Fleet.SendAsync(HttpMethod.Get, "/api/v1/kv/device-info")).Body.GetProperty("items").GetArrayLength().ShouldBe(3);

        using var response = await Fleet.Client.GetAsync("/api/v1/kv/device-info?watch=true", HttpCompletionOption.ResponseHeadersRead, Stop);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Stop));
        foreach (var key in new[] { "pi-0", "pi-1", "pi-2" })
        {
            var line = await NextAsync(lines);
            line.GetProperty("key").GetString().ShouldBe(key, what);
            if (key == "pi-1")
            {
                ShouldShow(line, value, isJson);
            }
        }

        // Also what comes while it is watched.
        await PutAsync("pi-1", value);
        await PutAsync("pi-2", "3"u8.ToArray());
        ShouldShow(await NextAsync(lines), value, isJson);
        (await NextAsync(lines)).GetProperty("value").GetInt32().ShouldBe(3);
    }

    /// <summary>A manifest that does not carry the control plane's MAC is nobody's, whatever is in it.</summary>
    [Theory]
    [MemberData(nameof(Values))]
    public async Task StoredManifest_WhateverItsBytes_IsAStatus(string what, byte[] value, bool isJson)
    {
        (await broker.Connect().Bucket(BucketNames.DesiredState).PutAsync("pi-1", value, new BusHeaders("1:x"), Stop)).ShouldBeOfType<PutOutcome.Stored>(what + isJson);

        (await Fleet.SendAsync(HttpMethod.Get, "/api/v1/devices/pi-1/desired")).ShouldBeStatus(502, "InternalError", "MAC");
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task LogBytes_WhateverTheyAre_AreLinesOfText(string what, byte[] value, bool isJson)
    {
        (await Fleet.SendAsync(HttpMethod.Put, Samples.Pi, Samples.Device())).Code.ShouldBe(201);
        commands.Logs = (_, _) => new CommandOutcome<ILogSession>.Answered(
            new FakeDeviceCommands.Log([new(IsError: false, value), new(IsError: true, value), new(IsError: false, "after\n"u8.ToArray())], breaks: "gone \ud800\u0000"));

        var text = await Fleet.Client.GetStringAsync(Samples.Pi + "/logs?namespace=plant&deployment=web", Stop);

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        string.Concat(lines.Where(line => line.TryGetProperty("stream", out var stream) && stream.GetString() == "stdout").Select(line => line.GetProperty("text").GetString()))
            .ShouldEndWith("after\n", Case.Sensitive, what + isJson);
        lines[^1].GetProperty("error").GetString()!.ShouldStartWith("gone ");
    }

    [Fact]
    public async Task ErrorText_OfADevice_IsOneStatusWhateverItSays()
    {
        (await Fleet.SendAsync(HttpMethod.Put, Samples.Pi, Samples.Device())).Code.ShouldBe(201);
        commands.Logs = (_, _) => new CommandOutcome<ILogSession>.Failed("no \ud800\u0000\u001b[2J\r\n such");

        (await Fleet.SendAsync(HttpMethod.Get, Samples.Pi + "/logs?namespace=plant&deployment=web")).ShouldBeStatus(502, "InternalError", "such");
    }

    private static void ShouldShow(JsonElement shown, byte[] value, bool isJson)
    {
        shown.TryGetProperty("value", out _).ShouldBe(isJson);
        shown.TryGetProperty("base64", out var bytes).ShouldBe(!isJson);
        if (!isJson)
        {
            bytes.GetBytesFromBase64().ShouldBe(value);
        }
    }

    private static async Task<JsonElement> NextAsync(StreamReader lines) =>
        JsonDocument.Parse((await lines.ReadLineAsync(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Stop)).ShouldNotBeNull()).RootElement;

    private async Task PutAsync(string key, byte[] value, string? mac = null) =>
        (await broker.Connect().Bucket(BucketNames.DeviceInfo).PutAsync(key, value, new BusHeaders(mac), Stop)).ShouldBeOfType<PutOutcome.Stored>();
}
