using Harmony.Fleet.Adapters.Nats.Credentials;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>How the operator reaches the message bus.</summary>
internal sealed record OperatorNatsOptions
{
    /// <summary>The server.</summary>
    public required Uri Url { get; init; }

    /// <summary>The operator's key.</summary>
    public required NKeyPair Login { get; init; }

    /// <summary>PEM file of the authorities to trust, absolute; null for the system's.</summary>
    public string? CaFile { get; init; }
}
