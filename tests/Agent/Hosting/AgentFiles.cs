using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Agent.Hosting;

/// <summary>The files of an agent, and the real program that reads them.</summary>
internal sealed class AgentFiles : IDisposable
{
    private readonly TempFolder folder = new();

    public AgentFiles()
    {
        var keys = ControlPlane.Keys;
        using var pair = NKeyPair.Create(NKeyKind.User);
        PublicKey = pair.PublicKey;
        folder.Secret(
            "keys.json",
            $$"""{"device":"{{ControlPlane.Device}}","epoch":{{keys.Epoch}},"downKey":"{{Convert.ToBase64String(keys.Down)}}","upKey":"{{Convert.ToBase64String(keys.Up)}}"}""");
        folder.Secret("seed", pair.RevealSeed());
        Configure($"nats://127.0.0.1:{FreePort.Next()}", File("none.sock"));
    }

    /// <summary>Of its NATS user.</summary>
    public string PublicKey { get; }

    /// <summary>The program, to be run by dotnet.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "Harmony.Fleet.Agent.dll");

    public void Dispose() => folder.Dispose();

    public Task<string> PipeAsync(string name) => folder.PipeAsync(name);

    public string File(string name) => folder.File(name);

    /// <summary>Writes agent.json.</summary>
    public void Configure(string natsUrl, string podmanSocket) => System.IO.File.WriteAllText(File("agent.json"), $$"""
        {
          "deviceId": "{{ControlPlane.Device}}", "stateDirectory": "state", "keyFile": "keys.json",
          "nats": { "url": "{{natsUrl}}", "nkeySeedFile": "seed" }, "podman": { "socket": "{{podmanSocket}}" }
        }
        """);

    public Task<RunningProgram> StartAsync() => RunningProgram.StartAsync("dotnet", Program, "--config", File("agent.json"));
}
