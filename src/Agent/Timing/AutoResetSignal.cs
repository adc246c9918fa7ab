using System.Threading.Channels;

namespace Harmony.Fleet.Agent.Timing;

/// <summary>Says that something is to be looked at again. Any number of signals before a look are one. For one reader.</summary>
internal sealed class AutoResetSignal(TimeProvider time)
{
    private readonly Channel<bool> pulses = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Something is to be looked at.</summary>
    public void Set() => pulses.Writer.TryWrite(true);

    /// <summary>Waits for a signal, and not longer than <paramref name="atMost"/>.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pulse = pulses.Reader.WaitToReadAsync(end.Token).AsTask();
        await Task.WhenAny(pulse, Task.Delay(atMost, time, end.Token));
        await end.CancelAsync();
        var isSet = pulses.Reader.TryRead(out _);
        cancellationToken.ThrowIfCancellationRequested();
        return isSet;
    }
}
