using System.Net.Http.Headers;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Server;

/// <summary>Requests to one operator. Every way in which one can go wrong comes back as a <see cref="Fault"/>.</summary>
internal sealed class ApiConnection : IDisposable
{
    private const long MaxAnswerBytes = 256L * 1024 * 1024;
    private const int MaxErrorBytes = 64 * 1024;

    /// <summary>So many looks in a row must find nobody: one may meet a connection that is reset, or a moment in which none is accepted.</summary>
    private const int MaxSilentLooks = 3;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly HttpClient http;
    private readonly TimeProvider time;

    private ApiConnection(HttpClient http, ServerEndpoint endpoint, TimeProvider time) => (this.http, Server, StatusLine, this.time) = (http, endpoint.ToString(), endpoint.StatusLine, time);

    /// <summary>The server as people name it.</summary>
    public string Server { get; }

    /// <summary>The command line that shows how the fleet is; null where it is none of this machine.</summary>
    public string? StatusLine { get; }

    /// <summary>Prepares requests to <paramref name="endpoint"/>; nothing is opened before the first one.</summary>
    public static ApiConnection To(ServerEndpoint endpoint, CliHost host, bool verbose)
    {
        HttpMessageHandler handler = Dialer.To(endpoint.Address);
        handler = verbose ? new RequestPrinter(host.Console, host.Time, handler) : handler;
        var client = new HttpClient(handler)
        {
            BaseAddress = endpoint.Address.Url,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", endpoint.Token);
        return new ApiConnection(client, endpoint, host.Time);
    }

    /// <summary>One request with its whole answer.</summary>
    public async Task<Outcome<byte[]>> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = Request(method, path, body);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            var answer = await response.Content.ReadAsByteArrayAsync(either.Token);
            return response.IsSuccessStatusCode ? answer : ApiErrors.Refused(Server, response.StatusCode, answer);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return ApiErrors.Broken(Server, exception, StatusLine);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Late(limit);
        }
    }

    /// <summary>One request whose answer comes line by line. Only its beginning must come in time.</summary>
    public async Task<Outcome<LineStream>> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await BeginAsync(path, AnswerLimit, cancellationToken);
        return answer.IsOk ? new LineStream(Server, answer.Value, await answer.Value.Content.ReadAsStreamAsync(cancellationToken)) : answer.Fault;
    }

    /// <summary>Opens an answer of bytes, whose number is told first, and which takes long to make: it is waited for until three looks in a row find that the server answers nothing else. The caller disposes it.</summary>
    /// <param name="path">What is asked for.</param>
    /// <param name="waits">Told from time to time that it is waited for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Outcome<HttpResponseMessage>> BytesAsync(string path, Action waits, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beginning = BeginAsync(path, Timeout.InfiniteTimeSpan, ending.Token);
        var silentLooks = 0;
        while (await Task.WhenAny(beginning, Task.Delay(LookInterval, time, cancellationToken)) != beginning && !cancellationToken.IsCancellationRequested)
        {
            waits();
            var silence = await SilenceAsync(cancellationToken);
            silentLooks = silence is null ? 0 : silentLooks + 1;
            if (silence is { } silent && silentLooks >= MaxSilentLooks && !beginning.IsCompleted)
            {
                await ending.CancelAsync();
                await ((Task)beginning).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return beginning.IsCompletedSuccessfully ? await beginning : silent;
            }
        }

        return await beginning;
    }

    /// <summary>Looks whether anything answers: what it says, or a proxy before it, does not matter.</summary>
    /// <returns>Null; or how it went wrong.</returns>
    private async Task<Fault?> SilenceAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = Request(HttpMethod.Get, ApiPaths.Health, null);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return ApiErrors.Broken(Server, exception, StatusLine);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Late(limit);
        }
    }

    private async Task<Outcome<HttpResponseMessage>> BeginAsync(string path, TimeSpan within, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            using var request = Request(HttpMethod.Get, path, null);
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.IsSuccessStatusCode)
            {
                var answer = response;
                response = null;
                return answer;
            }

            return ApiErrors.Refused(Server, response.StatusCode, await ErrorBodyAsync(response, either.Token));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return ApiErrors.Broken(Server, exception, StatusLine);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Late(limit);
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    /// <summary>What took too long: the answer, or before that the connection, which has a limit of its own.</summary>
    private Fault Late(CancellationTokenSource limit) =>
        limit.IsCancellationRequested ? ApiErrors.Silent(Server, AnswerLimit, StatusLine) : ApiErrors.Unreached(Server, Dialer.ConnectLimit, StatusLine);

    private static HttpRequestMessage Request(HttpMethod method, string path, byte[]? body)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }

    private static async Task<byte[]> ErrorBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxErrorBytes];
        return buffer[..await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)];
    }
}
