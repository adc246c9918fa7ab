using Harmony.Fleet.Cli.Hosting;

namespace Harmony.Fleet.Cli.Server;

/// <summary>Prints each request and its answer's code and time on stderr, for <c>--verbose</c>. Headers are not shown: one is the token.</summary>
internal sealed class RequestPrinter(CliConsole console, TimeProvider time, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            console.Say($"{request.Method} {request.RequestUri} {(int)response.StatusCode} ({time.GetElapsedTime(begin).TotalMilliseconds:0} ms)");
            return response;
        }
        catch (HttpRequestException exception)
        {
            console.Say($"{request.Method} {request.RequestUri} failed: {exception.Message}");
            throw;
        }
    }
}
