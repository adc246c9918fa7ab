using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Harmony.Fleet.Operator.Telemetry;

/// <summary>
/// What the operator measures of itself. Where nobody listens, a measurement costs one comparison. Names and units are those of OpenTelemetry, durations are in
/// seconds; docs/guides/telemetry.md says what each means.
/// </summary>
internal sealed class FleetMeter
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    public const string Name = "Harmony.Fleet.Operator";

    /// <summary>The path where Prometheus reads it, where that is wanted.</summary>
    public const string ScrapePath = "/metrics";

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    private readonly Meter meter;

    /// <summary>Its instruments, made once.</summary>
    public FleetMeter(IMeterFactory meters)
    {
        meter = meters.Create(Name);
        TurnTime = Histogram("fleet.loop.turn.duration", "One turn of the control loop: the events that waited are taken, and what follows is begun.");
        ReportLag = Histogram("fleet.report.lag", "From the moment at which the bus took a device's report until the engine has counted it.");
        EffectTime = Histogram("fleet.effect.duration", "One effect, from its beginning until it is done or has failed.");
        BusTime = Histogram("fleet.bus.request.duration", "One request to a bucket.");
        StoreTime = Histogram("fleet.store.request.duration", "One request to the resource store.");
        Events = meter.CreateCounter<long>("fleet.loop.events", "{event}", "Events that the control loop took.");
        Refused = meter.CreateCounter<long>("fleet.bus.documents.refused", "{document}", "Documents of buckets that were skipped: a wrong MAC, or nothing that can be read.");
        HeldBack = meter.CreateCounter<long>("fleet.bus.documents.held", "{document}", "Documents of devices that put more than is taken in: of each device the newest is read later.");
        RefusedConnections = meter.CreateCounter<long>("fleet.api.connections.refused", "{connection}", "Connections to the API that were closed, or answered with 503, because as many were open as may be.");
        ActiveEffects = meter.CreateUpDownCounter<long>("fleet.effect.active", "{effect}", "Effects that are under way.");
    }

    /// <summary>Activities: one an effect, and one a request to the store or to a bucket.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>One turn of the control loop.</summary>
    public Histogram<double> TurnTime { get; }

    /// <summary>From the bus to the engine.</summary>
    public Histogram<double> ReportLag { get; }

    /// <summary>One effect.</summary>
    public Histogram<double> EffectTime { get; }

    /// <summary>One request to a bucket.</summary>
    public Histogram<double> BusTime { get; }

    /// <summary>One request to the store.</summary>
    public Histogram<double> StoreTime { get; }

    /// <summary>Events that the loop took.</summary>
    public Counter<long> Events { get; }

    /// <summary>Documents that were skipped.</summary>
    public Counter<long> Refused { get; }

    /// <summary>Documents that were held back, because their device puts more than is taken in.</summary>
    public Counter<long> HeldBack { get; }

    /// <summary>Connections that were closed, or answered with 503, for want of a place.</summary>
    public Counter<long> RefusedConnections { get; }

    /// <summary>Effects under way.</summary>
    public UpDownCounter<long> ActiveEffects { get; }

    /// <summary>A value that is asked for when it is collected.</summary>
    public void Gauge(string name, string unit, string description, Func<long> value) => meter.CreateObservableGauge(name, value, unit, description);

    private Histogram<double> Histogram(string name, string description) => meter.CreateHistogram(name, "s", description, tags: null, Seconds);
}
