using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Bench.Fleet;

/// <summary>A whole fleet of one device in a folder of its own, and what is timed on it.</summary>
internal sealed class BenchStack : IAsyncDisposable
{
    private const string Name = "bench";

    private readonly BenchFleet fleet;
    private readonly HttpClient web = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
    private readonly int port = FreePort.Next();

    private BenchStack(BenchFleet fleet) => this.fleet = fleet;

    public static async Task<BenchStack> StartAsync(string home, CancellationToken cancellationToken) => new(await BenchFleet.StartAsync(home, null, cancellationToken));

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
        Check((await fleet.Podman.EnsureImageAsync(HelloWebImage.Reference(1), CancellationToken.None)).Fault);
        var created = await fleet.Podman.CreateAsync(spec, CancellationToken.None);
        Check(created.Fault);
        Check((await fleet.Podman.StartAsync(created.Value!, CancellationToken.None)).Fault);
        await AnswersAsync();
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        Check((await fleet.Podman.RemoveAsync(created.Value!, CancellationToken.None)).Fault);
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

    public ValueTask DisposeAsync()
    {
        web.Dispose();
        return fleet.DisposeAsync();
    }

    private static Uri PathOfDeployment => new($"/api/v1/namespaces/default/deployments/{Name}", UriKind.Relative);

    private int? Nats() => RunningProcesses.Find(Path.Combine(fleet.Folder, "nats", "nats.conf"));

    private async Task PutAsync(int version)
    {
        using var answer = await fleet.Api.PutAsync(PathOfDeployment, JsonContent.Create(Desired(version), ContractsJson.Resources.Deployment));
        answer.EnsureSuccessStatusCode();
    }

    private Deployment Desired(int version) => new()
    {
        Metadata = new() { Name = Name, Namespace = "default" },
        Spec = new()
        {
            TargetSelector = new() { MatchLabels = ImmutableSortedDictionary<string, string>.Empty.Add(ApiGroup.DeviceIdLabel, fleet.Device) },
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
        using (var answer = await fleet.Api.DeleteAsync(PathOfDeployment))
        {
            answer.EnsureSuccessStatusCode();
        }

        while (true)
        {
            using var resource = await fleet.Api.GetAsync(PathOfDeployment);
            var containers = await fleet.Podman.ObserveAsync(ContainerLabels.Deployment, Name, CancellationToken.None);
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
