using System.Collections.Concurrent;
using System.Text.Json;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.LoadTest.Fleets;
using Harmony.Fleet.LoadTest.Plans;

namespace Harmony.Fleet.LoadTest.Watching;

/// <summary>The aggregates as a watcher of the API sees them.</summary>
internal sealed class AggregateWatch(LoadPlan plan, FleetApi api)
{
    private readonly Counts[] seen = new Counts[plan.Deployments];
    private readonly ConcurrentDictionary<int, byte> incoherent = new();
    private readonly ConcurrentDictionary<int, (Counts Wanted, TaskCompletionSource Seen)> waits = new();

    /// <summary>Deployments whose counts did not add up at some time.</summary>
    public ICollection<int> Incoherent => incoherent.Keys;

    /// <summary>Watches until it is cancelled; what a watch that ended missed is in the list with which the next begins.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var line in api.WatchAsync(cancellationToken))
                {
                    Take(line);
                }
            }
            catch (Exception error) when (error is IOException or HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    /// <summary>Ends when a Deployment is seen with <paramref name="wanted"/>. Asked for before what leads to it is written.</summary>
    public Task WhenAsync(int deployment, Counts wanted)
    {
        var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waits[deployment] = (wanted, wait);
        return wait.Task;
    }

    /// <summary>How many are not seen as they should be.</summary>
    public int CountOthers(Counts[] expected)
    {
        lock (seen)
        {
            return seen.Zip(expected).Count(pair => pair.First != pair.Second);
        }
    }

    private void Take(string line)
    {
        using var document = JsonDocument.Parse(line);
        if (document.RootElement.GetProperty("type").GetString() is not ("ADDED" or "MODIFIED")
            || document.RootElement.GetProperty("object").Deserialize(ContractsJson.Resources.Deployment) is not { Status: { } status } deployment
            || plan.NumberOf(deployment.Metadata.Name) is not { } number)
        {
            return;
        }

        var counts = Counts.Of(status.Aggregate);
        lock (seen)
        {
            seen[number] = counts;
        }

        if (!counts.AddUp)
        {
            incoherent[number] = 0;
        }

        if (waits.TryGetValue(number, out var wait) && wait.Wanted == counts)
        {
            waits.TryRemove(number, out _);
            wait.Seen.TrySetResult();
        }
    }
}
