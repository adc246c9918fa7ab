using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Conformance.Bus;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Adapters.Nats.Bus;

/// <summary>The suite on the fake that other tests use: what passes on it passes on the real one.</summary>
public sealed class FakeBusConformanceTests : BusConformance
{
    private readonly FakeBroker broker = new();

    protected override IBusAdmin Admin => broker;

    protected override Task StartAsync() => Task.CompletedTask;

    protected override Task CloseAsync() => Task.CompletedTask;

    protected override Task<IBus> OpenAsync() => Task.FromResult<IBus>(broker.Connect());

    protected override Task DisconnectAsync()
    {
        ((FakeBus)Bus).GoDown();
        return Task.CompletedTask;
    }

    protected override Task ReconnectAsync()
    {
        ((FakeBus)Bus).GoUp();
        return Task.CompletedTask;
    }

    protected override Task LoseBucketAsync(string name)
    {
        broker.LoseBucket(name);
        return Task.CompletedTask;
    }
}
