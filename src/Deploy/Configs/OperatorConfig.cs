namespace Harmony.Fleet.Deploy.Configs;

/// <summary>operator.json.</summary>
internal sealed record OperatorConfig
{
    /// <summary>The folder of the resource store.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where the API listens.</summary>
    public required string Listen { get; init; }

    /// <summary>The file with the API's token.</summary>
    public required string TokenFile { get; init; }

    /// <summary>The file with the master key.</summary>
    public required string MasterKeyFile { get; init; }

    /// <summary>The epoch of the devices' keys.</summary>
    public required int KeyEpoch { get; init; }

    /// <summary>The bus.</summary>
    public required NatsConfig Nats { get; init; }
}
