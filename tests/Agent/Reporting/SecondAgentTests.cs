using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Agent.Rigs;

namespace Harmony.Fleet.Tests.Agent.Reporting;

/// <summary>A second agent with the same identity (a copied disk) came, said who it is in place of the first, and went.</summary>
public sealed class SecondAgentTests : IAsyncLifetime
{
    private readonly AgentRig first = new();
    private readonly AgentRig second;

    public SecondAgentTests() => second = new AgentRig(first.Broker) { Name = "copy" };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await second.DisposeAsync();
        await first.DisposeAsync();
    }

    [Fact]
    public async Task SignOfLife_OfASecondAgent_MakesTheFirstSayAgainWhoItIs()
    {
        first.Options = first.Options with { HeartbeatInterval = TimeSpan.FromMilliseconds(50) };
        await ComeAndGoAsync();
        var info = await first.InfoAsync(info => info.Instance == "run-1", "the one that is left");
        info.CommandNonce.ShouldBe(first.Nonce);
        await first.ReportsAsync(report => report.Instance == "run-1", "its report");
    }

    [Fact]
    public async Task SignsOfLife_OfASecondAgentThatStays_MakeNeitherSayAgainWhoItIs()
    {
        await ComeAsync();
        for (var turn = 0; turn < 5; turn++)
        {
            await first.BeatAsync();
            await second.BeatAsync();
        }

        await second.StopAsync();
        (await first.Operator.InfoAsync())!.Instance.ShouldBe("copy-1");
    }

    [Fact]
    public async Task Command_ToTheSecondAgent_MakesTheFirstSayAgainWhoItIs()
    {
        await ComeAndGoAsync();
        await PingAsync((await first.Operator.InfoAsync())!.CommandNonce);
        (await first.InfoAsync(info => info.Instance == "run-1", "the one that is left")).CommandNonce.ShouldBe(first.Nonce);
    }

    private async Task ComeAndGoAsync()
    {
        await ComeAsync();
        await second.StopAsync();
    }

    private async Task ComeAsync()
    {
        await first.StartAsync();
        await first.InfoAsync(info => info.Instance == "run-1", "the first");
        await second.StartAsync();
        await first.InfoAsync(info => info.Instance == "copy-1", "the second");
    }

    private async Task PingAsync(string nonce)
    {
        var command = JsonSerializer.SerializeToUtf8Bytes(
            new Command { Device = ControlPlane.Device, Verb = Verbs.Ping, Nonce = nonce, Session = "session-00000000000001" }, ContractsJson.Bus.Command);
        var mac = MessageMac.Sign(ControlPlane.Keys.Down, ControlPlane.Keys.Epoch, MessageKinds.Command, ControlPlane.Device, command);
        await first.Broker.Connect().PublishAsync(
            Subjects.Command(ControlPlane.Device, Verbs.Ping), command, new BusHeaders(mac), TestContext.Current.CancellationToken);
    }
}
