using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Harmony.Fleet.LoadTest.Fleets;

namespace Harmony.Fleet.Bench.Floods;

/// <summary>Counts the versions of some resources: each is one write to the store. What was there when it began is not counted.</summary>
internal sealed class WriteCount : IDisposable
{
    private readonly HttpClient api;
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentDictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JsonElement> newest = new(StringComparer.Ordinal);

    public WriteCount(LoadedFleet fleet, string prefix)
    {
        api = new HttpClient { BaseAddress = fleet.Api, Timeout = Timeout.InfiniteTimeSpan };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", fleet.Token);
        _ = WatchAsync("/api/v1/devices?watch=true", prefix);
        _ = WatchAsync("/api/v1/namespaces/default/deployments?watch=true", prefix);
    }

    public long Count => counts.Values.Sum();

    public string Words => string.Join(", ", counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key} {count.Value}"));

    /// <summary>Waits until all of them, by name, are as they should be.</summary>
    public async Task<bool> SeesAsync(Func<IReadOnlyDictionary<string, JsonElement>, bool> holds, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit);
        while (!holds(newest) && !late.IsCancellationRequested)
        {
            await Task.Delay(20, cancellationToken);
        }

        return holds(newest);
    }

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
        api.Dispose();
    }

    private async Task WatchAsync(string path, string prefix)
    {
        try
        {
            using var reader = new StreamReader(await api.GetStreamAsync(new Uri(path, UriKind.Relative), ending.Token));
            while (await reader.ReadLineAsync(ending.Token) is { } line)
            {
                Take(line, prefix);
            }

            Console.Error.WriteLine($"The watch of {path} ended.");
        }
        catch (Exception over) when (over is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private void Take(string line, string prefix)
    {
        if (line.Length == 0 || JsonElement.Parse(line) is not { ValueKind: JsonValueKind.Object } seen || seen.GetProperty("type").GetString() is not ("ADDED" or "MODIFIED"))
        {
            return;
        }

        var resource = seen.GetProperty("object");
        var name = resource.GetProperty("metadata").GetProperty("name").GetString()!;
        if (name.StartsWith(prefix, StringComparison.Ordinal))
        {
            var key = $"{resource.GetProperty("kind").GetString()} {name}";
            newest[key] = resource;
            counts.AddOrUpdate(key, 0, (_, count) => count + 1);
        }
    }
}
