using System.Collections.Immutable;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>What is being stopped and still runs.</summary>
/// <param name="Containers">How many containers run; 0 when all have ended.</param>
/// <param name="Longest">How long the slowest of them may still take before it is killed; zero where all have had their time.</param>
/// <param name="Late">Those that have had their time and are being killed, in words; null where there are none.</param>
public sealed record StopForecast(int Containers, TimeSpan Longest, string? Late = null);

/// <summary>A container that is being stopped.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Process">The process in it.</param>
/// <param name="Grace">How long it may take.</param>
internal sealed record StoppingProcess(string Name, ProcessIdentity Process, TimeSpan Grace);

/// <summary>Looks which of the containers that are being stopped still run, and tells it each time that it changes.</summary>
internal sealed class StopTally(Func<StopForecast, Task> tell, TimeProvider time)
{
    private const int Named = 3;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    private readonly long began = time.GetTimestamp();
    private readonly Lock gate = new();
    private readonly Dictionary<string, ImmutableArray<(StoppingProcess Container, TimeSpan Limit)>> stopping = new(StringComparer.Ordinal);
    private (int Running, string? Late) told;

    /// <summary>What of one podman is stopped, from now on.</summary>
    public void Take(string podman, IEnumerable<StoppingProcess> containers)
    {
        lock (gate)
        {
            stopping[podman] = [.. containers.Select(container => (container, time.GetElapsedTime(began) + container.Grace))];
        }
    }

    /// <summary>Tells what still runs, until <paramref name="work"/> has ended.</summary>
    public async Task<T> WhileAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            await LookAsync().ConfigureAwait(false);
            await Task.WhenAny(work, Task.Delay(Poll, time)).ConfigureAwait(false);
        }

        await LookAsync().ConfigureAwait(false);
        return await work.ConfigureAwait(false);
    }

    /// <summary>What to say of containers that still run after <paramref name="spent"/>, each with its limit.</summary>
    internal static StopForecast Forecast(ImmutableArray<(string Name, TimeSpan Limit)> running, TimeSpan spent)
    {
        string[] late = [.. running.Where(container => container.Limit < spent).Select(container => container.Name)];
        var longest = running.IsEmpty ? TimeSpan.Zero : running.Max(container => container.Limit) - spent;
        return new StopForecast(
            running.Length,
            longest > TimeSpan.Zero ? longest : TimeSpan.Zero,
            late.Length == 0 ? null : string.Join(", ", late.Take(Named)) + (late.Length > Named ? $" and {late.Length - Named} more" : string.Empty));
    }

    private async Task LookAsync()
    {
        var (running, spent) = Look();
        var forecast = Forecast(running, spent);
        if (told != (forecast.Containers, forecast.Late))
        {
            told = (forecast.Containers, forecast.Late);
            await tell(forecast).ConfigureAwait(false);
        }
    }

    private (ImmutableArray<(string, TimeSpan)> Running, TimeSpan Spent) Look()
    {
        lock (gate)
        {
            return ([.. stopping.Values.SelectMany(containers => containers).Where(entry => entry.Container.Process.IsAlive).Select(entry => (entry.Container.Name, entry.Limit))], time.GetElapsedTime(began));
        }
    }
}
