using System.Security.Cryptography;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Machines;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Local;

/// <summary>Puts fleets in place on this machine.</summary>
internal sealed class LocalFleets(CliHost host)
{
    /// <summary>Puts a fleet in place: all of it stands when the task ends.</summary>
    public Task<Outcome<LocalFleet>> StartAsync(UpRequest request, IProgress<DeployNews> progress, CancellationToken cancellationToken) =>
        LocalFleet.StartAsync(
            new LocalFleetOptions
            {
                DataFolder = request.DataFolder,
                Devices = request.Devices,
                ApiPort = request.ApiPort,
                NatsPort = request.NatsPort,
                NatsNodes = request.NatsNodes,
                Telemetry = request.Telemetry,
                ReservedPort = request.PagePort,
                BaseFolder = AppContext.BaseDirectory,
                Home = RepositoryFolder.Find(host.Environment) is { } home ? host.FullPath(home) : null,
                Agent = host.Environment(LocalPrograms.AgentVariable) is { Length: > 0 } agent ? host.FullPath(agent) : null,

                // Whoever asks in another terminal is told there; a log keeps it all.
                Growth = host.Console.IsErrorTerminal ? new Progress<DeployNews>() : null,
                HurryCommand = host.Line("down --now", request.DataFlag),
                Random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
            },
            progress,
            host.Time,
            cancellationToken);

    /// <summary>Says how to reach the fleet and what can be done next; of its metrics where it <paramref name="hasMetrics"/>.</summary>
    public void Introduce(UpRequest request, string server, string natsUrl, int devices, bool hasMetrics)
    {
        var say = host.Console.Say;
        say(string.Empty);
        say($"The fleet is up: {CountText.Of(devices, "device")}.");
        say(string.Empty);
        say("Next:");
        say($"  {host.Line("get devices", request.DataFlag)}");
        say($"  {host.Line("apply --help", string.Empty)}");
        say($"  {host.Line("kv ls", request.DataFlag)}");
        say(string.Empty);
        say($"  data    {request.DataFolder}");
        say($"  NATS    {natsUrl}");
        say($"  API     {server}");
        if (hasMetrics)
        {
            say($"  metrics {server}/metrics");
            say($"  token   {Path.Combine(request.DataFolder, "keys/api.token")}");
        }
    }
}

/// <summary>What <c>fleet up</c> was asked for.</summary>
/// <param name="DataFolder">The data folder: absolute.</param>
/// <param name="IsUsualFolder">Whether later commands find the folder in every terminal without being told.</param>
/// <param name="Devices">How many devices; null for as many as there were.</param>
/// <param name="ApiPort">The port of the operator's API; null for a free one.</param>
/// <param name="NatsPort">The port of NATS; null for a free one.</param>
internal sealed record UpRequest(string DataFolder, bool IsUsualFolder, int? Devices, int? ApiPort, int? NatsPort)
{
    /// <summary>How many NATS servers; null for as many as there were.</summary>
    public int? NatsNodes { get; init; }

    /// <summary>Where the operator's measurements go; null for nowhere.</summary>
    public OperatorTelemetry? Telemetry { get; init; }

    /// <summary>The port of a demo's page, which nothing else of the fleet is to have; null for any.</summary>
    public int? PagePort { get; init; }

    /// <summary>The words of a command line that ask for <see cref="Telemetry"/>.</summary>
    public IEnumerable<string> TelemetryWords =>
    [
        .. Telemetry is { Prometheus: true } ? (string[])["--prometheus"] : [],
        .. Telemetry?.OtlpEndpoint is { } endpoint ? (string[])["--otlp-endpoint", endpoint] : [],
        .. Telemetry?.OtlpProtocol is { } protocol ? (string[])["--otlp-protocol", protocol] : [],
    ];

    /// <summary>What later commands need to find this fleet: empty, or <c> --data DIR</c>.</summary>
    public string DataFlag => IsUsualFolder ? string.Empty : $" --data {ShellText.Quote(DataFolder)}";
}

/// <summary>The folder with <c>eng/</c>, whose scripts set up what is missing.</summary>
internal static class RepositoryFolder
{
    /// <summary>What the launcher says; else the folder above this program that has the launcher; null where there is none.</summary>
    public static string? Find(Func<string, string?> environment)
    {
        if (environment(LocalPrograms.HomeVariable) is { Length: > 0 } told)
        {
            return told;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "fleet")) && Directory.Exists(Path.Combine(folder.FullName, "eng")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
