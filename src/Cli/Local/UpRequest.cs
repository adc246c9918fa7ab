namespace Harmony.Fleet.Cli.Local;

/// <summary>What <c>fleet up</c> was asked for.</summary>
/// <param name="DataFolder">The data folder: absolute.</param>
/// <param name="IsUsualFolder">Whether later commands find the folder without being told.</param>
/// <param name="Devices">How many devices; null for as many as there were.</param>
/// <param name="ApiPort">The port of the operator's API; null for a free one.</param>
/// <param name="NatsPort">The port of NATS; null for a free one.</param>
internal sealed record UpRequest(string DataFolder, bool IsUsualFolder, int? Devices, int? ApiPort, int? NatsPort)
{
    /// <summary>What later commands need to find this fleet: empty, or <c> --data DIR</c>.</summary>
    public string DataFlag => IsUsualFolder ? string.Empty : $" --data {DataFolder}";
}
