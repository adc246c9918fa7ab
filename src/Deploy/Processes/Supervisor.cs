using System.Globalization;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>Keeps one thing running until it is stopped.</summary>
internal sealed class Supervisor<T> : IAsyncDisposable
    where T : class, IChild
{
    private readonly Supervision how;
    private readonly Func<CancellationToken, Task<Outcome<T>>> start;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock telling = new();
    private T current;
    private Task watching = Task.CompletedTask;
    private int exits;
    private DateTimeOffset upSince;
    private DateTimeOffset? downSince;

    private Supervisor(Supervision how, T first, Func<CancellationToken, Task<Outcome<T>>> start)
    {
        this.how = how;
        this.start = start;
        current = first;
        upSince = how.Time.GetUtcNow();
    }

    /// <summary>How often it ended without being told to.</summary>
    public int Exits => Volatile.Read(ref exits);

    /// <summary>The present one.</summary>
    public T Current => Volatile.Read(ref current);

    /// <summary>How it is.</summary>
    public StackPart Part()
    {
        lock (telling)
        {
            return new()
            {
                Name = how.Name,
                Process = downSince is null ? ProcessIdentity.Of(current.ProcessId) : null,
                Since = downSince ?? upSince,
                Restarts = exits,
                LogFile = how.LogFile,
            };
        }
    }

    /// <summary>Starts it by <paramref name="start"/>, and watches over it.</summary>
    /// <returns>Why it could not be started, where it could not.</returns>
    public static async Task<Outcome<Supervisor<T>>> StartAsync(Supervision how, Func<CancellationToken, Task<Outcome<T>>> start, CancellationToken cancellationToken)
    {
        var first = await start(cancellationToken);
        if (!first.IsOk)
        {
            return first.Fault;
        }

        var supervisor = new Supervisor<T>(how, first.Value, start);
        supervisor.watching = supervisor.WatchAsync();
        return supervisor;
    }

    /// <summary>Ends it; waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        try
        {
            await watching;
        }
        finally
        {
            await current.StopAsync();
            stopping.Dispose();
        }
    }

    private async Task WatchAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            var began = how.Time.GetTimestamp();
            await Task.WhenAny(current.Exited.WaitAsync(stopping.Token));
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            lock (telling)
            {
                exits++;
                downSince = how.Time.GetUtcNow();
            }

            var wait = how.Backoff.Next(how.Time.GetElapsedTime(began));
            how.Say($"{how.Name} ended with {Describe(await current.Exited)}; starting it again in {Seconds(wait)} s (its log: {how.LogFile})");
            await RestartAsync(wait);
        }
    }

    private async Task RestartAsync(TimeSpan wait)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(wait, how.Time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (await NextAsync() is not { } next)
            {
                return; // Being stopped: nothing was left running.
            }

            if (next.IsOk)
            {
                lock (telling)
                {
                    Volatile.Write(ref current, next.Value);
                    (upSince, downSince) = (how.Time.GetUtcNow(), null);
                }

                return;
            }

            wait = how.Backoff.Next(TimeSpan.Zero);
            how.Say($"{how.Name} could not be started again ({next.Fault.ToString().TrimEnd('.')}); next try in {Seconds(wait)} s");
        }
    }

    /// <summary>The next one; null where there is to be none.</summary>
    private async Task<Outcome<T>?> NextAsync()
    {
        try
        {
            stopping.Token.ThrowIfCancellationRequested();
            return await start(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception bug)
        {
            return new Fault(FaultKind.Transient, $"{bug.GetType().Name}: {bug.Message}");
        }
    }

    private static string Describe(int exitCode) =>
        exitCode > 128 ? $"signal {(exitCode - 128).ToString(CultureInfo.InvariantCulture)}" : $"exit code {exitCode.ToString(CultureInfo.InvariantCulture)}";

    private static string Seconds(TimeSpan wait) => wait.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
