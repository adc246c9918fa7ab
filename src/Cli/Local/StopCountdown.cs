using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Local;

/// <summary>Shows for how long containers are waited for: on a terminal a line that counts down, elsewhere a line now and then.</summary>
/// <param name="host">Where it is shown.</param>
/// <param name="command">What ends the wait.</param>
internal sealed class StopCountdown(CliHost host, string command) : IProgress<StackState>
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private int containers;
    private DateTimeOffset? endsBy;
    private DateTimeOffset next;
    private bool isShown;

    /// <inheritdoc/>
    public void Report(StackState value) => Set(value.Stopping, value.EndsBy);

    /// <summary>Shows what is going to be stopped.</summary>
    public Task TellAsync(StopForecast forecast)
    {
        Set(forecast.Containers, host.Time.GetUtcNow() + forecast.Longest);
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

        Clear();
        return await work;
    }

    private void Set(int count, DateTimeOffset? end)
    {
        lock (gate)
        {
            if (endsBy == end)
            {
                return;
            }

            (containers, endsBy, next) = (count, end, host.Time.GetUtcNow());
        }

        Show();
    }

    private void Show()
    {
        lock (gate)
        {
            var now = host.Time.GetUtcNow();
            if (endsBy is not { } end || now < next)
            {
                return;
            }

            next = now + (host.Console.IsErrorTerminal ? Tick : Seldom);
            var sentence = StopNotice.Sentence(containers, end > now ? end - now : TimeSpan.Zero, command);
            host.Console.Error.Write(host.Console.IsErrorTerminal ? $"\r\e[K{Fitting(sentence)}" : sentence + "\n");
            isShown = host.Console.IsErrorTerminal;
        }
    }

    private string Fitting(string sentence) => host.Console.ErrorSize().Columns is > 1 and var width && sentence.Length >= width ? sentence[..(width - 1)] : sentence;

    private void Clear()
    {
        lock (gate)
        {
            if (isShown)
            {
                host.Console.Error.Write("\r\e[K");
            }

            (isShown, endsBy) = (false, null);
        }
    }
}
