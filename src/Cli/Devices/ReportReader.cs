using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Cli.Devices;

/// <summary>Reads what devices last reported, where it is to be had.</summary>
internal sealed class ReportReader(FleetClient client)
{
    private const int AtOnce = 8;

    /// <summary>The report of each of <paramref name="devices"/>; null where there is none, or the bus is away.</summary>
    public async Task<ImmutableArray<DeviceReport?>> ReadAsync(IReadOnlyList<string> devices, CancellationToken cancellationToken)
    {
        var reports = new DeviceReport?[devices.Count];
        await Parallel.ForAsync(
            0,
            devices.Count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (index, stop) => reports[index] = await ReadAsync(devices[index], stop));
        return [.. reports];
    }

    /// <summary>The report of one device.</summary>
    public async Task<DeviceReport?> ReadAsync(string device, CancellationToken cancellationToken)
    {
        var value = await client.ValueAsync(BucketNames.DeviceState, device, reveal: false, cancellationToken);
        try
        {
            return value.IsOk && value.Value.Value is { } json ? json.Deserialize(ContractsJson.Bus.DeviceReport) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
