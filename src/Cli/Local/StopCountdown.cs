using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Local;

/// <summary>Shows what the end of a fleet waits for, and for how long.</summary>
/// <param name="host">Where it is shown.</param>
/// <param name="command">What ends the wait; null where that was called.</param>
internal sealed class StopCountdown(CliHost host, string? command) : IProgress<StopNews>
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly PassingLines lines = new(host);
    private StopNews? latest;

    /// <inheritdoc/>
    public void Report(StopNews value)
    {
        lock (gate)
        {
            if (latest == value)
            {
                return;
            }

            latest = value;
            lines.Turn();
        }

        Show();
    }

    /// <summary>Shows what is being stopped.</summary>
    public Task TellAsync(StopForecast forecast)
    {
        Report(new StopNews.Containers(forecast.Containers, host.Time.GetUtcNow() + forecast.Longest, forecast.Late));
        return Task.CompletedTask;
    }

    /// <summary>Shows the time going by until <paramref name="work"/> has ended.</summary>
    public async Task<T> WhileAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(Tick, host.Time));
            if (!work.IsCompleted)
            {
                Show();
            }
        }

        lock (gate)
        {
            lines.Clear();
            latest = null;
        }

        return await work;
    }

    private void Show()
    {
        lock (gate)
        {
            if (latest is { } shown)
            {
                lines.Show(now => shown.Sentence(now, command));
            }
        }
    }
}
