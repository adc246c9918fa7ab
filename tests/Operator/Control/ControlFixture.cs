using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Ports.State;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>A control loop over a store and a broker in memory.</summary>
internal sealed class ControlFixture : ControlledFleet
{
    private InMemoryResourceStore store = new(TimeProvider.System);

    private ControlFixture() => Observer = Broker.Connect();

    public FakeBroker Broker { get; } = new();

    public FakeBus Bus { get; private set; } = null!;

    public override IResourceStore Store => store;

    public override IBus Observer { get; }

    public string? StoreOutage
    {
        set => store.Outage = value;
    }

    /// <summary>For how long the operator leads.</summary>
    public TimeSpan Leads
    {
        set => store.Remaining = value;
    }

    /// <summary>What the operator's bus throws at whatever is asked of it; null for nothing.</summary>
    public Exception? BusFailure { get; set; }

    /// <summary>What the store throws where it is asked for a term; null for nothing.</summary>
    public Exception? TermFailure { get; set; }

    /// <summary>Whether the operator's next run begins with its bus down.</summary>
    public bool IsBusDownAtTheStart { get; set; }

    /// <summary>Waited for between making a list of this plural and answering with it.</summary>
    public Func<string, Task> BeforeListAnswer
    {
        set => store.BeforeListAnswer = value;
    }

    public static async Task<ControlFixture> StartAsync(ControlOptions? options = null)
    {
        var fixture = new ControlFixture();
        await fixture.BeginAsync(options);
        return fixture;
    }

    /// <summary>The next run of the operator has a store in which nothing is, and never was.</summary>
    public void EmptyStore() => store = new(TimeProvider.System);

    protected override void AddOutside(IServiceCollection services)
    {
        Bus = Broker.Connect();
        if (IsBusDownAtTheStart)
        {
            Bus.GoDown();
        }

        services.AddSingleton<ILeadership>(new BrokenLeadership(store, () => TermFailure)).AddSingleton<IBus>(new BrokenBus(Bus, () => BusFailure)).AddSingleton<IBusAdmin>(Broker);
    }
}
