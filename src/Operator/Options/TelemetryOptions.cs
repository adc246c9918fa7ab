namespace Harmony.Fleet.Operator.Options;

/// <summary>Where measurements and traces go; without it nobody measures.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>Whether <c>/metrics</c> is served, in Prometheus' format, behind the API's token.</summary>
    public bool Prometheus { get; init; }

    /// <summary>Where metrics and traces are sent by OTLP; null for nowhere.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Whether OTLP goes over HTTP (<c>http/protobuf</c>) and not over gRPC.</summary>
    public bool OtlpOverHttp { get; init; }
}

/// <summary><c>telemetry</c> as it is written in <c>operator.json</c>.</summary>
internal sealed record TelemetrySettings
{
    /// <summary>Whether <c>/metrics</c> is served; default false.</summary>
    public bool? Prometheus { get; init; }

    /// <summary><c>http://host:4317</c> of a collector; default none.</summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary><c>grpc</c>, the default, or <c>http/protobuf</c>, to which <c>/v1/metrics</c> and <c>/v1/traces</c> are added.</summary>
    public string? OtlpProtocol { get; init; }
}
