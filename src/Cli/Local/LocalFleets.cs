using System.Security.Cryptography;
using Harmony.Fleet.Deploy.Outcomes;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Local;

/// <summary>Puts fleets in place on this machine.</summary>
internal sealed class LocalFleets(CliHost host)
{
    /// <summary>Puts a fleet in place: all of it stands when the task ends.</summary>
    public Task<Attempt<LocalFleet>> StartAsync(UpRequest request, IProgress<DeployNews> progress, CancellationToken cancellationToken) =>
        LocalFleet.StartAsync(
            new LocalFleetOptions
            {
                DataFolder = request.DataFolder,
                Devices = request.Devices,
                ApiPort = request.ApiPort,
                NatsPort = request.NatsPort,
                BaseFolder = AppContext.BaseDirectory,
                Home = RepositoryFolder.Find(host.Environment),
                Random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
            },
            progress,
            host.Time,
            cancellationToken);

    /// <summary>Says how to reach the fleet and what can be done next.</summary>
    public void Introduce(UpRequest request, string server, string natsUrl, int devices)
    {
        var say = host.Console.Say;
        say(string.Empty);
        say($"The fleet is up: {devices} {(devices == 1 ? "device" : "devices")}.");
        say($"  API     {server}");
        say($"  NATS    {natsUrl}");
        say($"  data    {request.DataFolder}");
        say(string.Empty);
        say("Next:");
        say($"  ./fleet get devices{request.DataFlag}");
        say($"  ./fleet apply --help");
        say($"  ./fleet kv ls{request.DataFlag}");
    }
}
