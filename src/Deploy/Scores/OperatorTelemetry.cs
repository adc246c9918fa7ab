namespace Harmony.Fleet.Deploy.Scores;

/// <summary>Where an operator's measurements and traces go.</summary>
public sealed record OperatorTelemetry
{
    /// <summary>Whether it serves <c>/metrics</c> for Prometheus, behind the API's token.</summary>
    public bool Prometheus { get; init; }

    /// <summary>The collector that metrics and traces are sent to by OTLP: <c>http://host:4317</c>; null for none.</summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary>One of <see cref="OtlpProtocols"/>; null for the first.</summary>
    public string? OtlpProtocol { get; init; }

    /// <summary>How OTLP may be spoken.</summary>
    public static IReadOnlyList<string> OtlpProtocols { get; } = ["grpc", "http/protobuf"];

    /// <summary>Whether it includes all of <paramref name="wanted"/>.</summary>
    public bool Has(OperatorTelemetry wanted) =>
        (Prometheus || !wanted.Prometheus)
        && (wanted.OtlpEndpoint is null || (OtlpEndpoint == wanted.OtlpEndpoint && (OtlpProtocol ?? OtlpProtocols[0]) == (wanted.OtlpProtocol ?? OtlpProtocols[0])));
}
