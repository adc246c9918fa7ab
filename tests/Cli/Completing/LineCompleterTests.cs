using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Cli.Completing;

public sealed class LineCompleterTests : IDisposable
{
    /// <summary>Time stands still, for a machine that is busy may need longer than is waited for names.</summary>
    private readonly CliUnderTest cli = new() { Time = new FakeTimeProvider() };

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("fleet g", "get")]
    [InlineData("./fleet get dev", "device", "devices")]
    [InlineData("fleet wait ", "deployment")]
    [InlineData("fleet wait deployment x --for ", "completed", "converged", "deleted")]
    [InlineData("fleet wait deployment x --for=con", "--for=converged")]
    [InlineData("fleet apply --rest", "--restart")]
    [InlineData("fleet apply --restart ", "always", "never", "on-failure")]
    [InlineData("fleet get devices -o ", "json", "table", "wide", "yaml")]
    [InlineData("fleet completion ", "bash", "fish", "zsh")]
    [InlineData("fleet kv ", "get", "ls", "watch")]
    [InlineData("fleet up --otlp-protocol ", "grpc", "http/protobuf")]
    [InlineData("fleet up --otlp", "--otlp-endpoint", "--otlp-protocol")]
    [InlineData("fleet demo --prom", "--prometheus")]
    [InlineData("fleet delete device x --w", "--wait")]
    [InlineData("fleet down --", "--data", "--help", "--now", "--purge", "--verbose")]
    [InlineData("fleet")]
    [InlineData("")]
    [InlineData("fleet nonsense ")]
    [InlineData("fleet apply --image ")]
    public async Task Line_IsFinished(string line, params string[] candidates) => (await CompleteAsync(line)).ShouldBe(candidates);

    [Fact]
    public async Task FirstWord_IsAnyCommand_ButNoneThatIsHidden()
    {
        var found = await CompleteAsync("fleet ");
        found.ShouldContain("apply");
        found.ShouldContain("version");
        found.ShouldNotContain("__complete");
    }

    [Fact]
    public async Task Names_AreAskedOfTheOperator()
    {
        await using var server = await OperatorServer.StartAsync();
        await server.AddDeviceAsync(Samples.Device("pi-1"));
        await server.AddDeviceAsync(Samples.Device("pi-2"));
        cli.Facing(server.Address);
        await cli.RunAsync("apply", "--name", "hello", "--image", "nginx:1", "--all-devices", "-n", "plant");
        (await CompleteAsync("fleet ping p")).ShouldBe(["pi-1", "pi-2"]);
        (await CompleteAsync("fleet get device pi-")).ShouldBe(["pi-1", "pi-2"]);
        (await CompleteAsync("fleet logs x --device ")).ShouldBe(["pi-1", "pi-2"]);
        (await CompleteAsync("fleet delete d")).ShouldBe(["deployment", "device"]);
        (await CompleteAsync("fleet delete device pi-")).ShouldBe(["pi-1", "pi-2"]);
        (await CompleteAsync("fleet delete deployment ")).ShouldBeEmpty();
        (await CompleteAsync("fleet delete deployment -n plant ")).ShouldBe(["hello"]);
    }

    [Theory]
    [InlineData("fleet kv get ", "device-commands device-heartbeat device-info device-replies device-state desired-state scores")]
    [InlineData("fleet kv ls device-i", "device-info")]
    [InlineData("fleet kv watch device-i", "device-info")]
    [InlineData("fleet kv get device-info ", "pi-1 pi-2")]
    [InlineData("fleet kv get device-info pi-2", "pi-2")]
    [InlineData("fleet kv get device-info pi-2 ", "")]
    [InlineData("fleet kv ls device-info ", "")]
    public async Task BucketsAndKeys_AreAskedOfTheOperator(string line, string candidates)
    {
        await using var server = await ScriptedServer.StartAsync();
        string[] buckets = ["device-commands", "device-heartbeat", "device-info", "device-replies", "device-state", "desired-state", "scores"];
        server.On("GET /api/v1/kv", $$"""{"items":[{{string.Join(',', buckets.Select(name => $$"""{"name":"{{name}}"}"""))}}]}""");
        server.On("GET /api/v1/kv/device-info", """{"items":["pi-1","pi-2","pi-3\u001b[2J","pi-\u202e4"]}""");
        cli.Facing(server.Address);
        (await CompleteAsync(line)).Order(StringComparer.Ordinal).ShouldBe(candidates.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("fleet podman --data DATA ", "device-1", "device-2")]
    [InlineData("fleet podman --data DATA device-2", "device-2")]
    [InlineData("fleet podman --data DATA device-1 ")]
    [InlineData("fleet podman --data DATA device-1 d")]
    [InlineData("fleet podman --data DATA/none ")]
    public async Task DevicesOfTheDataFolder_AreOfferedForTheirPodman(string line, params string[] candidates)
    {
        foreach (var name in (string[])[".harmony-fleet", "fleet.json"])
        {
            cli.Write($"data/{name}", """{"id":"0123456789abcdef0123456789abcdef"}""");
        }

        cli.Write("data/devices/device-1/podman/x", string.Empty);
        cli.Write("data/devices/device-2/podman/x", string.Empty);
        (await CompleteAsync(line.Replace("DATA", $"{cli.Folder}/data", StringComparison.Ordinal))).ShouldBe(candidates);
    }

    [Fact]
    public async Task NoOperator_MeansNoNames()
    {
        cli.Facing($"http://127.0.0.1:{Harness.FreePort.Next()}");
        (await cli.RunAsync("__complete", "fleet ping ")).ShouldBe(new CliRun(0, string.Empty, string.Empty));
    }

    [Fact]
    public async Task NoToken_MeansNoNames_AndNobodyWaitsForOne()
    {
        cli.Time = TimeProvider.System;
        var pipe = await cli.PipeAsync("token");
        (await CompleteAsync($"fleet ping --server http://127.0.0.1:1 --token-file {pipe} p")).ShouldBeEmpty();
    }

    private async Task<string[]> CompleteAsync(string line) =>
        [.. (await cli.RunAsync("__complete", line)).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(found => found.Split('\t')[0])];
}
