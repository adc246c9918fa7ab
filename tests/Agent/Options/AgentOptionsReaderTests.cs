using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Agent.Hosting;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Contracts.Files;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Agent.Options;

public sealed class AgentOptionsReaderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public AgentOptionsReaderTests()
    {
        var key = Convert.ToBase64String(new byte[32]);
        using var pair = NKeyPair.Create(NKeyKind.User);
        folder.Secret("keys.json", $$"""{"device":"pi-1","epoch":3,"downKey":"{{key}}","upKey":"{{key}}"}""");
        folder.Secret("seed", pair.RevealSeed());
    }

    [Fact]
    public void Read_CommentsAndTrailingCommas_AreAllowed()
    {
        var options = Valid("""
            {
              // whose settings
              "deviceId": "pi-1",
              "stateDirectory": "state", /* beside this file */
              "keyFile": "keys.json",
              "nats": { "url": "nats://127.0.0.1:4222", "nkeySeedFile": "seed", },
              "labels": { "site": "plant-7", },
            }
            """);
        options.Device.Value.ShouldBe("pi-1");
        options.Keys.Epoch.ShouldBe(3);
        options.StateDirectory.ShouldBe(folder.File("state"));
        options.PodmanSocket.ShouldBe("/run/podman/podman.sock");
        options.Labels["site"].ShouldBe("plant-7");
        (options.ResyncInterval.TotalSeconds, options.ManifestInterval.TotalSeconds, options.HeartbeatInterval.TotalSeconds, options.Concurrency).ShouldBe((30, 600, 30, 2));
        options.PullTimeout.ShouldBe(TimeSpan.FromHours(6));
    }

    [Fact]
    public void Read_PullTimeout_ReachesPodman()
    {
        var options = Valid("""
            {
              "deviceId": "pi-1", "stateDirectory": "s", "keyFile": "keys.json", "nats": { "url": "nats://h:1", "nkeySeedFile": "seed" },
              "podman": { "socket": "/p.sock", "pullTimeoutMinutes": 90 }
            }
            """);
        AgentHost.Podman(options).ShouldBe(new PodmanOptions { SocketPath = "/p.sock", PullTimeout = TimeSpan.FromMinutes(90) });
    }

    [Fact]
    public void Read_EverythingWrong_IsToldAtOnce()
    {
        folder.Secret("seed", "no seed");
        folder.Secret("keys.json", """{"device":"pi-2","epoch":0}""");
        var errors = Invalid($$"""
            {"deviceId":"Pi 1","keyFile":"keys.json","nats":{"url":"http://x","nkeySeedFile":"seed","caFile":"none.pem"},"concurrency":9,"resyncSeconds":0,
             "manifestSeconds":1e9,"labels":{"a b":"c","ok":"b a d","fleet.nationtech.io/x":"y","null":null},"podman":{"socket":"{{new string('x', 120)}}","pullTimeoutMinutes":0.5} }
            """);
        string[] parts =
        [
            "deviceId: 'Pi 1'", "stateDirectory: it is missing", "keyFile: it holds no keys", "nats.url: ", "nats.nkeySeedFile: the file holds no seed",
            "nats.caFile: ", "podman.socket: ", "podman.pullTimeoutMinutes: ", "labels: the key 'a b'", "labels: the value for 'ok'", "only the control plane",
            "labels: the value for 'null'", "resyncSeconds: ", "manifestSeconds: ", "concurrency: it is 9; it must be from 1 to 4",
        ];
        foreach (var part in parts)
        {
            errors.ShouldContain(error => error.Contains(part, StringComparison.Ordinal), part);
        }

        errors.Length.ShouldBe(parts.Length, string.Join('\n', errors));
    }

    [Fact]
    public void Read_KeysOfAnotherDevice_IsAnError() => Invalid("""{"deviceId":"pi-9","stateDirectory":"s","keyFile":"keys.json","nats":{"url":"nats://h:1","nkeySeedFile":"seed"}}""")
        .ShouldHaveSingleItem().ShouldContain("those of device 'pi-1', not of 'pi-9'");

    [Theory]
    [InlineData("keys.json", "keyFile")]
    [InlineData("seed", "nats.nkeySeedFile")]
    public void Read_KeysThatOthersCanRead_IsAnError(string file, string setting)
    {
        File.SetUnixFileMode(folder.File(file), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Invalid("""{"deviceId":"pi-1","stateDirectory":"s","keyFile":"keys.json","nats":{"url":"nats://h:1","nkeySeedFile":"seed"}}""")
            .ShouldHaveSingleItem().ShouldBe($"{setting}: every user of this machine can read or write {folder.File(file)}; run: chmod 600 {folder.File(file)}");
    }

    [Fact]
    public void Read_ASeedOfAnotherKind_IsAnError()
    {
        using var account = NKeyPair.Create(NKeyKind.Account);
        folder.Secret("seed", account.RevealSeed());
        Invalid("""{"deviceId":"pi-1","stateDirectory":"s","keyFile":"keys.json","nats":{"url":"nats://h:1","nkeySeedFile":"seed"}}""")
            .ShouldHaveSingleItem().ShouldContain("nats.nkeySeedFile");
    }

    [Fact]
    public void Keys_AsText_ShowNothing()
    {
        var options = Valid("""{"deviceId":"pi-1","stateDirectory":"s","keyFile":"keys.json","nats":{"url":"nats://h:1","nkeySeedFile":"seed"}}""");
        options.Keys.ToString().ShouldNotContain("AAAA");
        new DeviceKeyFile { DownKey = "secret" }.ToString().ShouldNotContain("secret");
    }

    public void Dispose() => folder.Dispose();

    private OptionsOutcome<AgentOptions> Read(string text)
    {
        File.WriteAllText(folder.File("agent.json"), text);
        return AgentOptionsReader.Read(folder.File("agent.json"));
    }

    private AgentOptions Valid(string text)
    {
        var outcome = Read(text);
        return outcome is OptionsOutcome<AgentOptions>.Invalid invalid ? throw new ShouldAssertException(string.Join('\n', invalid.Errors)) : ((OptionsOutcome<AgentOptions>.Loaded)outcome).Options;
    }

    private string[] Invalid(string text) => [.. Read(text).ShouldBeOfType<OptionsOutcome<AgentOptions>.Invalid>().Errors];
}
