using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Agent.Hosting;

/// <summary>The files of an agent, and the real program that reads them.</summary>
internal sealed class AgentFiles : IDisposable
{
    private readonly TempFolder folder = new();

    public AgentFiles()
    {
        var key = Convert.ToBase64String(new byte[32]);
        using var pair = NKeyPair.Create(NKeyKind.User);
        folder.Secret("keys.json", $$"""{"device":"pi-1","epoch":1,"downKey":"{{key}}","upKey":"{{key}}"}""");
        folder.Secret("seed", pair.RevealSeed());
        Configure($"nats://127.0.0.1:{FreePort.Next()}", File("none.sock"));
    }

    /// <summary>The program, to be run by dotnet.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "Harmony.Fleet.Agent.dll");

    public void Dispose() => folder.Dispose();

    public string File(string name) => folder.File(name);

    /// <summary>Writes agent.json.</summary>
    public void Configure(string natsUrl, string podmanSocket) => System.IO.File.WriteAllText(File("agent.json"), $$"""
        {
          "deviceId": "pi-1", "stateDirectory": "state", "keyFile": "keys.json",
          "nats": { "url": "{{natsUrl}}", "nkeySeedFile": "seed" }, "podman": { "socket": "{{podmanSocket}}" }
        }
        """);

    public Task<RunningProgram> StartAsync() => RunningProgram.StartAsync("dotnet", Program, "--config", File("agent.json"));
}
