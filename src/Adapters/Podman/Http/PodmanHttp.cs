using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Adapters.Podman.Http;

/// <summary>Calls podman's API. Whatever goes wrong on the way is a <see cref="Fault"/>; only the caller's own cancellation is thrown.</summary>
internal sealed class PodmanHttp : IDisposable
{
    private readonly PodmanOptions options;
    private readonly TimeProvider time;
    private readonly HttpClient client;
    private readonly HttpClient streams;

    public PodmanHttp(PodmanOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        client = Client(SocketConnection.Handler(options.SocketPath));
        streams = Client(SocketConnection.StreamHandler(options.SocketPath));
    }

    /// <summary>Ends all connections.</summary>
    public void Dispose()
    {
        client.Dispose();
        streams.Dispose();
    }

    /// <summary>Reads a document; a status that is no success is a failure.</summary>
    public async Task<Outcome<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await SendAsync(HttpMethod.Get, path, content: null, options.CallTimeout, cancellationToken).ConfigureAwait(false);
        return !answer.IsOk ? answer.Fault
            : !answer.Value.IsDone ? Failures.Of(answer.Value)
            : answer.Value.Read(type);
    }

    /// <summary>Sends a request and reads the whole answer, whatever its status.</summary>
    public Task<Outcome<Answer>> SendAsync(HttpMethod method, string path, HttpContent? content, TimeSpan timeout, CancellationToken cancellationToken) =>
        GuardAsync<Answer>(
            path,
            timeout,
            async limited =>
            {
                using var request = new HttpRequestMessage(method, path) { Content = content };
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited).ConfigureAwait(false);
                return new Answer(response.StatusCode, await BodyAsync(response, limited).ConfigureAwait(false));
            },
            cancellationToken);

    /// <summary>Sends a request and hands the lines of a successful answer to <paramref name="take"/>, one by one.</summary>
    public Task<Outcome<Done>> SendForLinesAsync(
        HttpMethod method, string path, TimeSpan timeout, Action<ReadOnlyMemory<byte>> take, CancellationToken cancellationToken) =>
        GuardAsync<Done>(
            path,
            timeout,
            async limited =>
            {
                using var request = new HttpRequestMessage(method, path);
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited).ConfigureAwait(false);
                if (!response.IsSuccessStatusCode)
                {
                    return Failures.Of(new Answer(response.StatusCode, await BodyAsync(response, limited).ConfigureAwait(false)));
                }

                using var body = await response.Content.ReadAsStreamAsync(limited).ConfigureAwait(false);
                await foreach (var line in CappedReading.LinesAsync(body, ResponseLimits.LineBytes, ResponseLimits.PullBytes, limited).ConfigureAwait(false))
                {
                    take(line);
                }

                return default(Done);
            },
            cancellationToken);

    /// <summary>
    /// Opens an answer without an end. Podman sends not even the status of some before there is something to tell, so that
    /// <paramref name="timeout"/> may be infinite: ask something small first, to see that podman lives.
    /// </summary>
    /// <exception cref="ContainerRuntimeException">It could not be opened.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var opened = await GuardAsync<HttpResponseMessage>(
            path,
            timeout,
            async limited =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                var response = await streams.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    return response;
                }

                using (response)
                {
                    return Failures.Of(new Answer(response.StatusCode, await BodyAsync(response, limited).ConfigureAwait(false)));
                }
            },
            cancellationToken).ConfigureAwait(false);
        return opened.IsOk ? opened.Value : throw new ContainerRuntimeException(opened.Fault);
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var limit = response.IsSuccessStatusCode ? ResponseLimits.DocumentBytes : ResponseLimits.ErrorBytes;
            return await CappedReading.AllAsync(body, limit, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Outcome<T>> GuardAsync<T>(
        string path, TimeSpan timeout, Func<CancellationToken, Task<Outcome<T>>> call, CancellationToken cancellationToken)
    {
        if (!SocketConnection.IsShortEnough(options.SocketPath))
        {
            return new Fault(
                FaultKind.Permanent,
                $"the path of podman's socket is longer than {SocketConnection.MaxPathBytes} bytes, which the kernel does not take: use a shorter one than {options.SocketPath}");
        }

        using var ended = new CancellationTokenSource(timeout, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, cancellationToken);
        try
        {
            return await call(limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unavailable($"podman did not answer within {timeout.TotalSeconds:0.#} s ({What(path)}): it may hang; restart it (systemctl restart podman.service)");
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or InvalidDataException or JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Failures.OfConnection(options.SocketPath, What(path), broken);
        }
    }

    private static HttpClient Client(SocketsHttpHandler handler) => new(handler)
    {
        BaseAddress = new Uri("http://d/v4.0.0/libpod/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static Fault Unavailable(string message) => new(FaultKind.Unreachable, message);

    private static string What(string path) => path.Split('?')[0];
}
