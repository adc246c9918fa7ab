using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.EndToEnd.Fleet;

/// <summary>The operator's API as a test uses it. Calls are repeated while the operator is away, as any client of it would.</summary>
public sealed class FleetApi : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly HttpClient http;

    public FleetApi(OperatorStanding standing)
    {
        http = new HttpClient { BaseAddress = standing.Url, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(standing.TokenFile).Trim());
    }

    /// <summary>Puts a deployment, and answers it as it is stored.</summary>
    public async Task<Deployment> ApplyAsync(Deployment deployment)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Put, PathOf(deployment.Metadata.Name))
        {
            Content = JsonContent.Create(deployment, ContractsJson.Resources.Deployment),
        });
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return (await answer.Content.ReadFromJsonAsync(ContractsJson.Resources.Deployment, TestContext.Current.CancellationToken))!;
    }

    public async Task DeleteAsync(string name)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, PathOf(name)));
        answer.IsSuccessStatusCode.ShouldBeTrue();
    }

    /// <summary>The deployment; null where there is none.</summary>
    public Task<Deployment?> DeploymentAsync(string name) => GetAsync(PathOf(name), ContractsJson.Resources.Deployment);

    /// <summary>The device; null where there is none.</summary>
    public Task<Device?> DeviceAsync(string name) => GetAsync($"/api/v1/devices/{name}", ContractsJson.Resources.Device);

    /// <summary>Whether the device answers a ping.</summary>
    public async Task<bool> AnswersAsync(string device)
    {
        using var answer = await http.PostAsync($"/api/v1/devices/{device}/ping", null, TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Waits until the status speaks of the present generation and <paramref name="condition"/> holds for its aggregate.</summary>
    public async Task<Deployment> UntilAsync(string name, Func<DeploymentAggregate, bool> condition, string what)
    {
        Deployment? last = null;
        try
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    last = await DeploymentAsync(name);
                    return last?.Status is { } status && status.ObservedGeneration == last.Metadata.Generation && condition(status.Aggregate);
                },
                what,
                Patience);
        }
        catch (TimeoutException)
        {
            last?.Status.ShouldBeNull($"{what} did not come to be; this is what is there");
            throw;
        }

        return last!;
    }

    /// <summary>Waits until the deployment has converged on as many devices.</summary>
    public Task<Deployment> UntilConvergedAsync(string name, int devices = 1) =>
        UntilAsync(name, aggregate => aggregate.Succeeded == devices && aggregate.MatchedDeviceCount == devices, $"{name} converges");

    /// <summary>Waits until the deployment is no more.</summary>
    public Task UntilDeletedAsync(string name) =>
        Eventually.HoldsAsync(async () => await DeploymentAsync(name) is null, $"{name} is deleted", Patience);

    public void Dispose() => http.Dispose();

    private static string PathOf(string name) => $"/api/v1/namespaces/default/deployments/{name}";

    private async Task<T?> GetAsync<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path));
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync(type, TestContext.Current.CancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request)
    {
        HttpResponseMessage? answer = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    answer = await http.SendAsync(request(), TestContext.Current.CancellationToken);
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the operator answers");
        return answer!;
    }
}
