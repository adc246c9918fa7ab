using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Local;

/// <summary>What was asked for and cannot be had of a fleet that runs.</summary>
internal static class RunningFleet
{
    /// <summary>What to say where none runs from <paramref name="dataFolder"/>: how to start one with <paramref name="up"/>, but not where that would be refused.</summary>
    public static Fault None(string dataFolder, string up) => new StackMark(dataFolder).Refusal() is { } refusal
        ? Fault.Unreachable($"no fleet runs from {dataFolder}, and none can ({refusal.What})", "name a fleet's data folder with --data")
        : Fault.Unreachable($"no fleet runs from {dataFolder}", $"start one with {up}");

    /// <summary>Why <paramref name="request"/> asks for other ports, other telemetry or another number of NATS servers than the fleet of <paramref name="endpoint"/> has; null where it does not.</summary>
    public static Fault? Otherwise(CliHost host, UpRequest request, StackFile? endpoint)
    {
        var servers = endpoint?.NatsUrl?.Split(',') ?? [];
        foreach (var (option, wanted, address) in ((string, int?, string?)[])[("--api-port", request.ApiPort, endpoint?.Server), ("--nats-port", request.NatsPort, servers.FirstOrDefault())])
        {
            if (wanted is { } port && (!Uri.TryCreate(address, UriKind.Absolute, out var at) || at.Port != port))
            {
                return Conflict($"with {address} and not {option} {port}", $"end it with {host.Line("down")}, then start it with {option} {port}");
            }
        }

        if (request.Telemetry is { } telemetry && endpoint?.Telemetry?.Has(telemetry) != true)
        {
            var flags = string.Join(' ', request.TelemetryWords.Select(ShellText.Quote));
            return Conflict($"and not with {flags}", $"end it with {host.Line("down")}, then start it with {flags}");
        }

        return request.NatsNodes is { } nodes && nodes != servers.Length
            ? Conflict(
                $"with {CountText.Of(servers.Length, "NATS server")} and not --nats-nodes {nodes}",
                $"end it with {host.Line("down")}, then start it with --nats-nodes {nodes}: what NATS holds is made again then")
            : null;
    }

    /// <summary>Why <paramref name="request"/> asks for another number of devices than the <paramref name="devices"/> that run; null where it does not.</summary>
    public static Fault? Otherwise(CliHost host, UpRequest request, int devices) => request.Devices is not { } wanted || wanted == devices ? null
        : Conflict($"with {CountText.Of(devices, "device")} and not --devices {wanted}", wanted > devices ? $"add some with {host.Line($"up --devices {wanted}")}" : $"end it with {host.Line("down")}, then start it with --devices {wanted}");

    private static Fault Conflict(string how, string advice) => new(FaultKind.Conflict, $"the fleet runs already, {how}", advice);
}
