namespace Harmony.Fleet.Contracts.Files;

/// <summary>
/// The file with the keys that a device shares with its control plane, JSON, for its owner alone. Whoever gives a device its keys writes it, and the agent reads
/// it: everything may be missing in it.
/// </summary>
public sealed record DeviceKeyFile
{
    /// <summary>Whose keys.</summary>
    public string? Device { get; init; }

    /// <summary>Counts the changes of keys, from 1.</summary>
    public int? Epoch { get; init; }

    /// <summary>For what the control plane sends: 32 bytes, base64.</summary>
    public string? DownKey { get; init; }

    /// <summary>For what the device sends: 32 bytes, base64.</summary>
    public string? UpKey { get; init; }

    /// <summary>Never the keys.</summary>
    public override string ToString() => $"DeviceKeyFile {{ Device = {Device}, Epoch = {Epoch}, *** }}";
}
