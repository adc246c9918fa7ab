namespace Harmony.Fleet.Agent.Hosting;

/// <summary>The file with a device's keys, as it is written. For its owner alone.</summary>
internal sealed record KeyFile
{
    /// <summary>Whose keys.</summary>
    public string? Device { get; init; }

    /// <summary>Counts the changes of keys, from 1.</summary>
    public int Epoch { get; init; }

    /// <summary>For what the control plane sends: 32 bytes, base64.</summary>
    public string? DownKey { get; init; }

    /// <summary>For what the device sends: 32 bytes, base64.</summary>
    public string? UpKey { get; init; }

    /// <summary>Never the keys.</summary>
    public override string ToString() => "***";
}
