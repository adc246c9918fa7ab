using System.Text.RegularExpressions;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Agent.Hosting;

[Trait("Category", "Integration")]
public sealed class AgentProcessTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Agent_WithoutNatsAndPodman_RunsAndStopsInOrder(string signal)
    {
        Configure();
        await using var agent = await StartAsync();
        await Eventually.HoldsAsync(() => agent.Output.Contains("Podman does not answer", StringComparison.Ordinal), $"it says what is missing: {agent.Output}");
        await Eventually.HoldsAsync(() => agent.Output.Contains("The bus is away", StringComparison.Ordinal), $"it says what is missing: {agent.Output}");
        (await agent.StopAsync(signal)).ShouldBe(0, agent.Output);
        agent.Output.ShouldNotContain("xception");
    }

    [Fact]
    public async Task Agent_WhoseStateCannotBeRead_SaysSoAndEnds()
    {
        Configure();
        await File.WriteAllTextAsync(folder.File("state"), "a file where a folder should be", TestContext.Current.CancellationToken);
        await using var agent = await StartAsync();
        (await agent.EndAsync()).ShouldBe(1, agent.Output);
        agent.Output.ShouldContain(folder.File("state"));
        Regex.Count(agent.Output, @"(?m)^   at ").ShouldBe(0, agent.Output);
    }

    private Task<RunningProgram> StartAsync() => RunningProgram.StartAsync(
        "dotnet", Path.Combine(AppContext.BaseDirectory, "Harmony.Fleet.Agent.dll"), "--config", folder.File("agent.json"));

    private void Configure()
    {
        var key = Convert.ToBase64String(new byte[32]);
        using var pair = NKeyPair.Create(NKeyKind.User);
        folder.Secret("keys.json", $$"""{"device":"pi-1","epoch":1,"downKey":"{{key}}","upKey":"{{key}}"}""");
        folder.Secret("seed", pair.RevealSeed());
        File.WriteAllText(folder.File("agent.json"), $$"""
            {
              "deviceId": "pi-1", "stateDirectory": "state", "keyFile": "keys.json",
              "nats": { "url": "nats://127.0.0.1:{{FreePort.Next()}}", "nkeySeedFile": "seed" }, "podman": { "socket": "{{folder.File("none.sock")}}" }
            }
            """);
    }
}
