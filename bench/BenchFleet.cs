using System.Net.Http.Headers;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Bench;

/// <summary>A whole fleet of one device. The data folder is alone in a folder of its own, which is removed with it, or where it does not start.</summary>
internal sealed class BenchFleet : IAsyncDisposable
{
    private readonly LocalFleet fleet;

    private BenchFleet(string folder, LocalFleet fleet)
    {
        Folder = folder;
        this.fleet = fleet;
        Podman = new PodmanRuntime(new PodmanOptions { SocketPath = fleet.Devices[0].PodmanSocket }, TimeProvider.System);
        Api = new HttpClient { BaseAddress = fleet.Server.Operator.Url };
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(fleet.Server.Operator.TokenFile).Trim());
    }

    public string Folder { get; }

    public string NatsUrl => fleet.Server.Nats.Url;

    public string Device => fleet.Devices[0].Device.Value;

    public PodmanRuntime Podman { get; }

    public HttpClient Api { get; }

    /// <summary>Starts it; <paramref name="agent"/> says for a data folder which agent runs, null is for the one that was built with this program.</summary>
    public static async Task<BenchFleet> StartAsync(string home, Func<string, string>? agent, CancellationToken cancellationToken)
    {
        var data = Path.Combine(Directory.CreateTempSubdirectory("hf-bench-").FullName, "data");
        try
        {
            var options = new LocalFleetOptions
            {
                DataFolder = data,
                Devices = 1,
                BaseFolder = Path.GetFullPath("../../Harmony.Fleet.Operator/release", AppContext.BaseDirectory),
                Home = home,
                Agent = agent?.Invoke(data),
                Random = new Random(1),
            };
            var attempt = await LocalFleet.StartAsync(options, new Progress<DeployNews>(), TimeProvider.System, cancellationToken);
            return new BenchFleet(data, attempt.Value ?? throw new InvalidOperationException(attempt.Fault?.ToString()));
        }
        catch
        {
            await RemoveAsync(data);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Podman.Dispose();
        await fleet.DisposeAsync();
        await RemoveAsync(Folder);
    }

    private static async Task RemoveAsync(string data)
    {
        await new StackRemoval(data).PurgeAsync(CancellationToken.None);
        Directory.Delete(Path.GetDirectoryName(data)!, recursive: true);
    }
}
