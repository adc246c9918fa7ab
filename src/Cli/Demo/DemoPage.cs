using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Demo;

/// <summary>The page that the demo's container serves.</summary>
internal sealed class DemoPage(CliHost host) : IDisposable
{
    private const int MaxPageBytes = 64 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // The page is on this machine: a proxy of the environment is for others.
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = MaxPageBytes };

    /// <summary>Fetches the page until it answers 200 with <paramref name="expected"/> in it.</summary>
    /// <returns>The status line's number; or what came instead.</returns>
    public async Task<Outcome<int>> FetchAsync(Uri url, string expected, CancellationToken cancellationToken)
    {
        var began = host.Time.GetTimestamp();
        while (true)
        {
            var obstacle = await TryAsync(url, expected, cancellationToken);
            if (obstacle is null)
            {
                return 200;
            }

            if (host.Time.GetElapsedTime(began) > Limit)
            {
                return new Fault(FaultKind.TimedOut, $"{url} did not show \"{expected}\" within {Limit.TotalSeconds:0} s ({obstacle})", $"see what its container prints: {host.Line($"logs {DemoDeployment.Name}")}");
            }

            await Task.Delay(Pause, host.Time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<string?> TryAsync(Uri url, string expected, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(url, cancellationToken);
            var page = await answer.Content.ReadAsStringAsync(cancellationToken);
            return !answer.IsSuccessStatusCode ? $"it answers {(int)answer.StatusCode}"
                : page.Contains(expected, StringComparison.Ordinal) ? null : "it shows another page";
        }
        catch (HttpRequestException exception)
        {
            return exception.Message.TrimEnd('.');
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "it does not answer";
        }
    }
}
