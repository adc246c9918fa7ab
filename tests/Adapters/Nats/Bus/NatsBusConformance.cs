using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Conformance.Bus;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Bus;

[Trait("Category", "Integration")]
public sealed class OldestServerConformanceTests() : NatsBusConformance(NatsVersions.Oldest);

[Trait("Category", "Integration")]
public sealed class NewestServerConformanceTests() : NatsBusConformance(NatsVersions.Newest);

/// <summary>The suite on a real server; one class a version.</summary>
public abstract class NatsBusConformance(string version) : BusConformance
{
    private NatsServer? server;

    protected override IBusAdmin Admin => Buses.Admin((NatsBus)Bus);

    protected override async Task StartAsync() => server = await NatsServer.StartAsync(version);

    protected override async Task CloseAsync() => await server!.DisposeAsync();

    protected override async Task<IBus> OpenAsync() => await Buses.ConnectAsync(server!);

    protected override Task DisconnectAsync() => server!.KillAsync();

    protected override Task ReconnectAsync() => server!.RestartAsync();

    protected override async Task LoseBucketAsync(string name)
    {
        var library = await Buses.LibraryAsync(server!);
        await using var connection = library.Connection;
        (await library.DeleteStreamAsync("KV_" + name, Stop)).ShouldBeTrue();
    }
}
