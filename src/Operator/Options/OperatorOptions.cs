using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Hosting.Options;

namespace Harmony.Fleet.Operator.Options;

/// <summary>Everything that the operator was told, valid.</summary>
internal sealed record OperatorOptions
{
    /// <summary>How many connections there may be where nothing is said.</summary>
    public const int DefaultMaxConnections = 1000;

    /// <summary>The folder of the resource store, absolute.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where the API listens.</summary>
    public required ListenAddress Listen { get; init; }

    /// <summary>What API calls present.</summary>
    public required BearerToken Token { get; init; }

    /// <summary>The control plane's master key.</summary>
    public required MasterKey MasterKey { get; init; }

    /// <summary>The epoch of the devices' keys.</summary>
    public required int KeyEpoch { get; init; }

    /// <summary>The message bus.</summary>
    public required NatsAccess Nats { get; init; }

    /// <summary>How many servers of a NATS cluster hold each bucket; null for one, whatever an administrator made of it.</summary>
    public int? BucketReplicas { get; init; }

    /// <summary>How many connections to the API may be open at once.</summary>
    public int MaxConnections { get; init; } = DefaultMaxConnections;

    /// <summary>Who is told what the operator measures of itself; null for nobody.</summary>
    public TelemetryOptions? Telemetry { get; init; }
}
