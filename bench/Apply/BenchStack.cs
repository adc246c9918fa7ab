using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Adapters.Podman.Images;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Deploy.Outcomes;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Bench.Apply;

/// <summary>A whole fleet of one device in a folder of its own, and both ways to bring a container up on it.</summary>
internal sealed class BenchStack : IAsyncDisposable
{
    private const string Name = "bench";

    private readonly string folder;
    private readonly LocalFleet fleet;
    private readonly PodmanRuntime podman;
    private readonly HttpClient api;
    private readonly HttpClient web = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
    private readonly int port;

    private BenchStack(string folder, LocalFleet fleet)
    {
        this.folder = folder;
        this.fleet = fleet;
        podman = new PodmanRuntime(new PodmanOptions { SocketPath = fleet.Devices[0].PodmanSocket }, TimeProvider.System);
        api = new HttpClient { BaseAddress = fleet.Server.Operator.Url };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(fleet.Server.Operator.TokenFile).Trim());
        port = FreePort();
    }

    private static string Image => HelloWebImage.Reference(1);

    public static async Task<BenchStack> StartAsync(string home)
    {
        var data = Directory.CreateTempSubdirectory("hf-bench-").FullName;
        var options = new LocalFleetOptions { DataFolder = data, Devices = 1, BaseFolder = Path.GetFullPath("../../Harmony.Fleet.Operator/release", AppContext.BaseDirectory), Home = home, Random = new Random(1) };
        var attempt = await LocalFleet.StartAsync(options, new Progress<DeployNews>(), TimeProvider.System, CancellationToken.None);
        var stack = new BenchStack(data, attempt.Value ?? throw new InvalidOperationException(attempt.Fault?.ToString()));
        Check((await HelloWebImage.EnsureAsync(stack.podman, 1, CancellationToken.None)).Failure);
        return stack;
    }

    /// <summary>What podman itself takes: image there, create, start, until the page answers. Milliseconds.</summary>
    public async Task<double> ByHandAsync()
    {
        var spec = new ContainerSpec
        {
            Name = "by-hand",
            Image = Image,
            Ports = [new PortMapping(HelloWebImage.Port, port, string.Empty, "tcp")],
            StopTimeoutSeconds = 1,
        };
        var began = Stopwatch.GetTimestamp();
        Check((await podman.EnsureImageAsync(Image, CancellationToken.None)).Failure);
        var created = await podman.CreateAsync(spec, CancellationToken.None);
        Check(created.Failure);
        Check((await podman.StartAsync(created.Value!, CancellationToken.None)).Failure);
        await AnswersAsync();
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        Check((await podman.RemoveAsync(created.Value!, CancellationToken.None)).Failure);
        return took;
    }

    /// <summary>The same by a Deployment: from the PUT until the page answers. Milliseconds.</summary>
    public async Task<double> ByApplyAsync()
    {
        var began = Stopwatch.GetTimestamp();
        using (var answer = await api.PutAsync(PathOfDeployment, JsonContent.Create(Desired(), ContractsJson.Resources.Deployment)))
        {
            answer.EnsureSuccessStatusCode();
        }

        await AnswersAsync();
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        await ClearAsync();
        return took;
    }

    public async ValueTask DisposeAsync()
    {
        web.Dispose();
        api.Dispose();
        podman.Dispose();
        await fleet.DisposeAsync();
        await new StackRemoval(folder).PurgeAsync(CancellationToken.None);
    }

    private static Uri PathOfDeployment => new($"/api/v1/namespaces/default/deployments/{Name}", UriKind.Relative);

    private Deployment Desired() => new()
    {
        Metadata = new() { Name = Name, Namespace = "default" },
        Spec = new()
        {
            TargetSelector = new() { MatchLabels = ImmutableSortedDictionary<string, string>.Empty.Add(ApiGroup.DeviceIdLabel, fleet.Devices[0].Device.Value) },
            Score = new()
            {
                PodmanV0 = new()
                {
                    Containers = [new() { Name = "web", Image = Image, Ports = [new() { Port = HelloWebImage.Port, HostPort = port }] }],
                    TerminationGracePeriodSeconds = 1,
                },
            },
        },
    };

    /// <summary>Until the resource and the container are gone.</summary>
    private async Task ClearAsync()
    {
        using (var answer = await api.DeleteAsync(PathOfDeployment))
        {
            answer.EnsureSuccessStatusCode();
        }

        while (true)
        {
            using var resource = await api.GetAsync(PathOfDeployment);
            var containers = await podman.ObserveAsync(ContainerLabels.Deployment, Name, CancellationToken.None);
            Check(containers.Failure);
            if (resource.StatusCode == HttpStatusCode.NotFound && containers.Value.IsEmpty)
            {
                return;
            }

            await Task.Delay(50);
        }
    }

    private async Task AnswersAsync()
    {
        while (true)
        {
            try
            {
                using var answer = await web.GetAsync(new Uri($"http://127.0.0.1:{port}/"));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                await Task.Delay(2);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Check(Ports.Containers.RuntimeFailure? failure)
    {
        if (failure is not null)
        {
            throw new InvalidOperationException(failure.Message);
        }
    }
}
