using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.JetStream;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Conformance.Bus;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Bus;

/// <summary>The suite on a real server; one class a version.</summary>
public abstract class NatsBusConformance(string version) : BusConformance
{
    private NatsServer? server;

    protected override IBusAdmin Admin => ((NatsBus)Bus).Admin;

    protected override async Task StartAsync() => server = await NatsServer.StartAsync(version);

    protected override async Task CloseAsync() => await server!.DisposeAsync();

    protected override async Task<IBus> OpenAsync() => await Buses.ConnectAsync(server!);

    protected override Task DisconnectAsync() => server!.KillAsync();

    protected override Task ReconnectAsync() => server!.RestartAsync();

    protected override async Task LoseBucketAsync(string name)
    {
        await using var connection = await Buses.ConnectionAsync(server!);
        (await new StreamApi(connection, new JetStreamOptions()).DeleteAsync("KV_" + name, Stop)).ShouldBe(new ApiOutcome<bool>.Ok(true));
    }
}
