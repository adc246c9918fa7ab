using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Agent.Hosting;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Agent.Hosting;

public sealed class OptionsReaderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public OptionsReaderTests()
    {
        var key = Convert.ToBase64String(new byte[32]);
        using var pair = NKeyPair.Create(NKeyKind.User);
        File.WriteAllText(folder.File("keys.json"), $$"""{"device":"pi-1","epoch":3,"downKey":"{{key}}","upKey":"{{key}}"}""");
        File.WriteAllText(folder.File("seed"), pair.RevealSeed() + "\n");
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
        File.WriteAllText(folder.File("seed"), "no seed");
        File.WriteAllText(folder.File("keys.json"), """{"device":"pi-2","epoch":0}""");
        var errors = Invalid($$"""
            {"deviceId":"Pi 1","keyFile":"keys.json","nats":{"url":"http://x","nkeySeedFile":"seed","caFile":"none.pem"},"concurrency":9,"resyncSeconds":0,
             "manifestSeconds":1e9,"labels":{"a b":"c","ok":"b a d","fleet.nationtech.io/x":"y","null":null},"podman":{"socket":"{{new string('x', 120)}}","pullTimeoutMinutes":0.5} }
            """);
        foreach (var part in new[]
        {
            "'deviceId'", "'stateDirectory' is missing", "'nats.url'", "no NATS seed", "'nats.caFile'", "'podman.socket'", "holds no keys",
            "'podman.pullTimeoutMinutes'", "'concurrency'", "'resyncSeconds'", "'manifestSeconds'", "key 'a b'", "value for 'ok'", "only the control plane", "value for 'null'",
        })
        {
            errors.ShouldContain(error => error.Contains(part, StringComparison.Ordinal), part);
        }

        errors.Length.ShouldBe(15, string.Join('\n', errors));
    }

    [Fact]
    public void Read_KeysOfAnotherDevice_IsAnError() => Invalid("""{"deviceId":"pi-9","stateDirectory":"s","keyFile":"keys.json","nats":{"url":"nats://h:1","nkeySeedFile":"seed"}}""")
        .ShouldHaveSingleItem().ShouldContain("those of device 'pi-1', not of 'pi-9'");

    [Theory]
    [InlineData("""{"device":"pi-1"}""", "could not be mapped")]
    [InlineData("hello", "cannot be used")]
    [InlineData("null", "it is null")]
    public void Read_NoSettings_SaysWhereAndWhy(string text, string part)
    {
        var error = Invalid(text).ShouldHaveSingleItem();
        error.ShouldContain(folder.File("agent.json"));
        error.ShouldContain(part);
    }

    [Fact]
    public void Read_NoFile_SaysSo() =>
        OptionsReader.Read(folder.File("none.json")).ShouldBeOfType<OptionsOutcome.Invalid>().Errors.ShouldBe([$"There is no file '{folder.File("none.json")}'."]);

    [Fact]
    public void Keys_AsText_ShowNothing()
    {
        var options = Valid("""{"deviceId":"pi-1","stateDirectory":"s","keyFile":"keys.json","nats":{"url":"nats://h:1","nkeySeedFile":"seed"}}""");
        options.Keys.ToString().ShouldNotContain("AAAA");
        new KeyFile { DownKey = "secret" }.ToString().ShouldNotContain("secret");
    }

    public void Dispose() => folder.Dispose();

    private OptionsOutcome Read(string text)
    {
        File.WriteAllText(folder.File("agent.json"), text);
        return OptionsReader.Read(folder.File("agent.json"));
    }

    private AgentOptions Valid(string text)
    {
        var outcome = Read(text);
        return outcome is OptionsOutcome.Invalid invalid ? throw new ShouldAssertException(string.Join('\n', invalid.Errors)) : ((OptionsOutcome.Valid)outcome).Options;
    }

    private string[] Invalid(string text) => [.. Read(text).ShouldBeOfType<OptionsOutcome.Invalid>().Errors];
}
