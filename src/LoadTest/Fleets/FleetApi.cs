using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.LoadTest.Fleets;

/// <summary>What a load test asks of the API.</summary>
internal sealed class FleetApi : IDisposable
{
    private const string Path = "/api/v1/namespaces/default/deployments";
    private readonly HttpClient client;

    public FleetApi(LoadedFleet fleet)
    {
        client = new HttpClient { BaseAddress = fleet.Api, Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", fleet.Token);
    }

    public async Task<Deployment> PutAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        using var answer = await client.PutAsync(new Uri($"{Path}/{deployment.Metadata.Name}", UriKind.Relative), JsonContent.Create(deployment, ContractsJson.Resources.Deployment), cancellationToken);
        await DemandAsync(answer, cancellationToken);
        return (await answer.Content.ReadFromJsonAsync(ContractsJson.Resources.Deployment, cancellationToken))!;
    }

    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await client.DeleteAsync(new Uri(path, UriKind.Relative), cancellationToken);
        if (answer.StatusCode != System.Net.HttpStatusCode.NotFound)
        {
            await DemandAsync(answer, cancellationToken);
        }
    }

    public Task DeleteDeploymentAsync(DeploymentName name, CancellationToken cancellationToken) => DeleteAsync($"{Path}/{name}", cancellationToken);

    public Task DeleteDeviceAsync(DeviceId device, CancellationToken cancellationToken) => DeleteAsync($"/api/v1/devices/{device}", cancellationToken);

    /// <summary>All Deployments, as they are now.</summary>
    public async Task<ImmutableArray<Deployment>> ListAsync(CancellationToken cancellationToken)
    {
        await using var body = await client.GetStreamAsync(new Uri(Path, UriKind.Relative), cancellationToken);
        return (await JsonSerializer.DeserializeAsync(body, ContractsJson.Resources.ResourceListDeployment, cancellationToken))!.Items;
    }

    /// <summary>The lines of a watch: all that is there, then what changes.</summary>
    public async IAsyncEnumerable<string> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var body = await client.GetStreamAsync(new Uri($"{Path}?watch=true", UriKind.Relative), cancellationToken);
        using var reader = new StreamReader(body);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length > 0)
            {
                yield return line;
            }
        }
    }

    /// <summary>What the operator tells Prometheus; null where it tells nothing.</summary>
    public async Task<string?> MetricsAsync(CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(new Uri("/metrics", UriKind.Relative), cancellationToken);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(cancellationToken) : null;
    }

    public void Dispose() => client.Dispose();

    private static async Task DemandAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"The operator said {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        }
    }
}
