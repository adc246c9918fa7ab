using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Deploy.Machines;
using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.LoadTest.Fleets;

/// <summary>A control plane for the load test alone, in a folder of its own. Its processes end with this one, whatever happens to it.</summary>
internal sealed class OwnFleet : IAsyncDisposable
{
    private readonly string folder;
    private readonly LocalMachine machine;

    private OwnFleet(string folder, LocalMachine machine) => (this.folder, this.machine) = (folder, machine);

    /// <summary>How it is reached.</summary>
    public LoadedFleet Reached { get; private set; } = null!;

    /// <summary>Puts NATS and the operator in place.</summary>
    /// <param name="home">The repository's folder; null where there is none.</param>
    /// <param name="devices">The devices that may log in.</param>
    /// <param name="random">Spreads restarts.</param>
    /// <param name="progress">Told how it goes on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up; then nothing stays behind.</param>
    public static async Task<Outcome<OwnFleet>> StartAsync(
        string? home, ImmutableArray<DeviceId> devices, Random random, IProgress<DeployNews> progress, TimeProvider time, CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("fleet-load-test-").FullName;
        var options = new LocalMachineOptions
        {
            DataFolder = data,
            BaseFolder = AppContext.BaseDirectory,
            Home = home,
            Random = random,
            Say = text => progress.Report(DeployNews.Note(text)),
        };
        var fleet = new OwnFleet(data, new LocalMachine(options, time));
        var stands = false;
        try
        {
            var standing = await new FleetServerScore { Devices = devices, Telemetry = new OperatorTelemetry { Prometheus = true } }.DeployAsync(fleet.machine, progress, time, cancellationToken);
            if (!standing.IsOk)
            {
                return standing.Fault;
            }

            fleet.Reached = await fleet.ReachedAsync(standing.Value);
            stands = true;
            return fleet;
        }
        finally
        {
            if (!stands)
            {
                await fleet.DisposeAsync();
            }
        }
    }

    /// <summary>Its data folder.</summary>
    public string Folder => folder;

    /// <summary>The operator's process of the moment; null while none runs.</summary>
    public async Task<int?> OperatorAsync() => LoadedFleet.OperatorOf(await machine.PartsAsync());

    /// <summary>The processes of the moment of all its nats-servers.</summary>
    public async Task<ImmutableArray<int>> NatsAsync() => LoadedFleet.NatsOf(await machine.PartsAsync());

    /// <summary>The nkey seed of a device that may log in.</summary>
    public string SeedOf(DeviceId device) => File.ReadAllText(machine.PathOf(KeyPaths.DeviceSeed(device))).Trim();

    public async ValueTask DisposeAsync()
    {
        await machine.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<LoadedFleet> ReachedAsync(ServerStanding standing)
    {
        var parts = await machine.PartsAsync();
        return new LoadedFleet(
            standing.Operator.Url,
            File.ReadAllText(standing.Operator.TokenFile).Trim(),
            standing.Nats.Url,
            File.ReadAllText(machine.PathOf(KeyPaths.OperatorSeed)).Trim(),
            MasterKey.Parse(File.ReadAllText(machine.PathOf(KeyPaths.Master))),
            LoadedFleet.OperatorOf(parts),
            LoadedFleet.NatsOf(parts));
    }
}
