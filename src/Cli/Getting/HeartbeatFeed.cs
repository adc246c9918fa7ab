using System.Collections.Immutable;
using Harmony.Fleet.Cli.Server;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>Reads again and again when devices were last heard of, for as long as they are watched.</summary>
internal sealed class HeartbeatFeed(HeartbeatReader? reader, string? device, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource stop = new();
    private Task reading = Task.CompletedTask;

    /// <summary>The newest that is known.</summary>
    public ImmutableDictionary<string, DateTimeOffset> Newest { get; private set; } = HeartbeatReader.None;

    /// <summary>Begins; the first answer is there when the task ends.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (reader is not null)
        {
            Newest = await reader.ReadAsync(device, cancellationToken);
            reading = ReadAsync(reader);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task ReadAsync(HeartbeatReader heartbeats)
    {
        while (true)
        {
            await Task.Delay(Pause, time, stop.Token);

            // While the bus is away, what was known before is the newest.
            Newest = await heartbeats.ReadAsync(device, stop.Token) is { IsEmpty: false } newer ? newer : Newest;
        }
    }
}
