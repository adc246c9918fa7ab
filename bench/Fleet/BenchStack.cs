using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Bench.Fleet;

/// <summary>A whole fleet of one device in a folder of its own, and what is timed on it.</summary>
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
        port = FreePort.Next();
    }

    public static async Task<BenchStack> StartAsync(string home, CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("hf-bench-").FullName;
        var options = new LocalFleetOptions { DataFolder = data, Devices = 1, BaseFolder = Path.GetFullPath("../../Harmony.Fleet.Operator/release", AppContext.BaseDirectory), Home = home, Random = new Random(1) };
        try
        {
            var attempt = await LocalFleet.StartAsync(options, new Progress<DeployNews>(), TimeProvider.System, cancellationToken);
            return new BenchStack(data, attempt.Value ?? throw new InvalidOperationException(attempt.Fault?.ToString()));
        }
        catch
        {
            await RemoveAsync(data);
            throw;
        }
    }

    /// <summary>What podman itself takes: image there, create, start, until the page answers. Milliseconds.</summary>
    public async Task<double> ByHandAsync()
    {
        var spec = new ContainerSpec
        {
            Name = "by-hand",
            Image = HelloWebImage.Reference(1),
            Ports = [new PortMapping(HelloWebImage.Port, port, string.Empty, "tcp")],
            StopTimeoutSeconds = 1,
        };
        var began = Stopwatch.GetTimestamp();
        Check((await podman.EnsureImageAsync(HelloWebImage.Reference(1), CancellationToken.None)).Fault);
        var created = await podman.CreateAsync(spec, CancellationToken.None);
        Check(created.Fault);
        Check((await podman.StartAsync(created.Value!, CancellationToken.None)).Fault);
        await AnswersAsync();
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        Check((await podman.RemoveAsync(created.Value!, CancellationToken.None)).Fault);
        return took;
    }

    /// <summary>The same by a Deployment: from the PUT until the page answers. Milliseconds.</summary>
    public async Task<double> ByApplyAsync()
    {
        var began = Stopwatch.GetTimestamp();
        await PutAsync(1);
        await AnswersAsync();
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        await ClearAsync();
        return took;
    }

    /// <summary>
    /// NATS is killed, another version of a Deployment is put meanwhile, and NATS comes back: from then until the page of that version
    /// answers. Milliseconds.
    /// </summary>
    /// <param name="version">1 or 2: another than the one that runs.</param>
    /// <param name="outage">How long the new NATS process is held up before it does anything.</param>
    public async Task<double> AfterNatsAsync(int version, TimeSpan outage)
    {
        var killed = Nats() ?? throw new InvalidOperationException("No nats-server runs.");
        await RunningProcesses.SignalAsync(killed, "KILL");
        await PutAsync(version);
        int? started = null;
        while ((started = Nats()) is null || started == killed)
        {
            await Task.Delay(10);
        }

        if (outage > TimeSpan.Zero)
        {
            await RunningProcesses.SignalAsync(started.Value, "STOP");
            await Task.Delay(outage);
            await RunningProcesses.SignalAsync(started.Value, "CONT");
        }

        var back = Stopwatch.GetTimestamp();
        await AnswersAsync(HelloWebImage.Greeting(version));
        return Stopwatch.GetElapsedTime(back).TotalMilliseconds;
    }

    /// <summary>Puts a Deployment of <paramref name="version"/>, and waits until its page answers.</summary>
    public async Task ShowAsync(int version)
    {
        await PutAsync(version);
        await AnswersAsync(HelloWebImage.Greeting(version));
    }

    public async ValueTask DisposeAsync()
    {
        web.Dispose();
        api.Dispose();
        podman.Dispose();
        await fleet.DisposeAsync();
        await RemoveAsync(folder);
    }

    private static async Task RemoveAsync(string data)
    {
        await new StackRemoval(data).PurgeAsync(CancellationToken.None);
        if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static Uri PathOfDeployment => new($"/api/v1/namespaces/default/deployments/{Name}", UriKind.Relative);

    private int? Nats() => RunningProcesses.Find(Path.Combine(folder, "nats", "nats.conf"));

    private async Task PutAsync(int version)
    {
        using var answer = await api.PutAsync(PathOfDeployment, JsonContent.Create(Desired(version), ContractsJson.Resources.Deployment));
        answer.EnsureSuccessStatusCode();
    }

    private Deployment Desired(int version) => new()
    {
        Metadata = new() { Name = Name, Namespace = "default" },
        Spec = new()
        {
            TargetSelector = new() { MatchLabels = ImmutableSortedDictionary<string, string>.Empty.Add(ApiGroup.DeviceIdLabel, fleet.Devices[0].Device.Value) },
            Score = new()
            {
                PodmanV0 = new()
                {
                    Containers = [new() { Name = "web", Image = HelloWebImage.Reference(version), Ports = [new() { Port = HelloWebImage.Port, HostPort = port }] }],
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
            Check(containers.Fault);
            if (resource.StatusCode == HttpStatusCode.NotFound && containers.Value.IsEmpty)
            {
                return;
            }

            await Task.Delay(50);
        }
    }

    private async Task AnswersAsync(string page = "")
    {
        while (true)
        {
            try
            {
                using var answer = await web.GetAsync(new Uri($"http://127.0.0.1:{port}/"));
                if (answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync()).Contains(page, StringComparison.Ordinal))
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

    private static void Check(Core.Outcomes.Fault? failure)
    {
        if (failure is not null)
        {
            throw new InvalidOperationException(failure.What);
        }
    }
}
