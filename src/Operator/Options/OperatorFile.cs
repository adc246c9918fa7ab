using System.Text.Json;
using System.Text.Json.Serialization;
using Harmony.Fleet.Hosting.Options;

namespace Harmony.Fleet.Operator.Options;

/// <summary><c>operator.json</c> as it is written. Comments and trailing commas are allowed; a setting that the operator does not know is an error.</summary>
internal sealed record OperatorFile
{
    /// <summary>The folder of the resource store; made where it is missing. Required.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Where the API listens: <c>http://127.0.0.1:PORT</c> or <c>unix:/path</c>. Required.</summary>
    public string? Listen { get; init; }

    /// <summary>The file with the token that API calls present. Required.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The file with the control plane's master key: base64 of 32 bytes. Required.</summary>
    public string? MasterKeyFile { get; init; }

    /// <summary>The epoch of the devices' keys, from 1; default 1.</summary>
    public int? KeyEpoch { get; init; }

    /// <summary>The message bus. Required.</summary>
    public NatsSettings? Nats { get; init; }

    /// <summary>How many servers of a NATS cluster hold each bucket, 1, 3 or 5; default one, and what an administrator made of it is left as it is.</summary>
    public int? BucketReplicas { get; init; }

    /// <summary>How many connections to the API may be open at once, from 16 to 100,000; default 1,000. A watch or a log that is followed is one as long as it lasts.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Who is told what the operator measures of itself; default nobody.</summary>
    public TelemetrySettings? Telemetry { get; init; }
}

/// <summary>JSON of <c>operator.json</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(OperatorFile))]
internal sealed partial class OperatorFileJson : JsonSerializerContext;
