using System.Net.Http.Headers;
using System.Text.Json;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Deploy.SmokeTests;

/// <summary>The few questions that smoke tests have for an operator. Each answers null for yes, else why not.</summary>
internal sealed class SmokeApi : IDisposable
{
    private const int MaxAnswerBytes = 1024 * 1024;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private readonly HttpClient http;

    public SmokeApi(Uri url, string tokenFile)
    {
        // A proxy of the environment is for other machines, and the token is not for it.
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url, Timeout = AnswerLimit, MaxResponseContentBufferSize = MaxAnswerBytes };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(tokenFile).Trim());
    }

    /// <summary>Whether the operator is ready.</summary>
    public Task<string?> ReadyAsync(CancellationToken cancellationToken) => AskAsync(HttpMethod.Get, "/readyz", _ => null, cancellationToken);

    /// <summary>What the operator finds wrong, whether it is ready or not; null for nothing.</summary>
    public Task<string?> TroubleAsync(CancellationToken cancellationToken) => AskAsync(HttpMethod.Get, "/readyz", FirstTrouble, cancellationToken);

    /// <summary>How far the operator says that it is, how many devices' reports it awaits, and how many deployments devices run that nobody else knows; null where it does not say.</summary>
    public async Task<(string? State, int? AwaitingReport, int? UnknownDeployments)> StateAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
            using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            var root = document.RootElement;
            return (root.TryGetProperty("state", out var state) ? state.GetString() : null, Number(root, "awaitingReport"), Number(root, "unknownDeployments"));
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    /// <summary>Whether the operator holds the device for reachable.</summary>
    public Task<string?> ReachableAsync(DeviceId device, CancellationToken cancellationToken) => AskAsync(HttpMethod.Get, PathOf(device), body =>
    {
        var conditions = JsonSerializer.Deserialize(body, ContractsJson.Resources.Device)?.Status?.Conditions ?? [];
        var reachable = conditions.FirstOrDefault(condition => condition.Type == ConditionTypes.Reachable);
        return reachable?.Status == ConditionStatus.True ? null : $"{device} is not reachable{(reachable is null ? string.Empty : ": " + reachable.Message)}";
    }, cancellationToken);

    /// <summary>Whether the device answers a ping within <paramref name="limit"/>: one that came before its agent listened is answered by nobody.</summary>
    public async Task<string?> PingAsync(DeviceId device, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(limit);
        try
        {
            return await AskAsync(HttpMethod.Post, $"{PathOf(device)}/ping", _ => null, limited.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{device} answers no ping";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private static int? Number(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : null;

    private static string PathOf(DeviceId device) => $"/api/v1/devices/{device}";

    private async Task<string?> AskAsync(HttpMethod method, string path, Func<byte[], string?> judge, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using var answer = await http.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode
                ? judge(await answer.Content.ReadAsByteArrayAsync(cancellationToken))
                : $"{path} answers {(int)answer.StatusCode}";
        }
        catch (HttpRequestException exception)
        {
            return exception.Message.TrimEnd('.');
        }
        catch (JsonException)
        {
            return $"{path} answers no JSON";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{path} does not answer";
        }
    }

    private static string? FirstTrouble(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("checks", out var checks)
            ? checks.EnumerateObject().Select(check => check.Value.GetString()).FirstOrDefault(said => said != "ok")
            : null;
    }
}
