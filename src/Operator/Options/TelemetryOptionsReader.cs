using Harmony.Fleet.Hosting.Options;

namespace Harmony.Fleet.Operator.Options;

/// <summary>Checks <c>telemetry</c> of <c>operator.json</c>.</summary>
internal static class TelemetryOptionsReader
{
    private const string Grpc = "grpc";
    private const string Http = "http/protobuf";

    /// <summary>What is written; null where nothing is to be measured.</summary>
    public static TelemetryOptions? Check(TelemetrySettings? written, OptionsCheck check)
    {
        if (written is null)
        {
            return null;
        }

        if (written.OtlpProtocol is not (null or Grpc or Http))
        {
            check.Error("telemetry.otlpProtocol", $"'{written.OtlpProtocol}' is no protocol; write {Grpc} or {Http}.");
        }

        var endpoint = Endpoint(written.OtlpEndpoint, check);
        if (endpoint is null && written.OtlpProtocol is not null && written.OtlpEndpoint is null)
        {
            check.Error("telemetry.otlpProtocol", "it says nothing without telemetry.otlpEndpoint.");
        }

        return written.Prometheus is true || endpoint is not null
            ? new TelemetryOptions { Prometheus = written.Prometheus is true, OtlpEndpoint = endpoint, OtlpOverHttp = written.OtlpProtocol == Http }
            : null;
    }

    private static Uri? Endpoint(string? written, OptionsCheck check)
    {
        if (written is null)
        {
            return null;
        }

        if (Uri.TryCreate(written, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0)
        {
            return url;
        }

        check.Error("telemetry.otlpEndpoint", "it is no address of a collector; write http://host:4317 or https://host:4317.");
        return null;
    }
}
