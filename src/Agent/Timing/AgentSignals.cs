using System.Threading.Channels;

namespace Harmony.Fleet.Agent.Timing;

/// <summary>What the agent's loops tell each other: that something is to be looked at, never what.</summary>
internal sealed class AgentSignals(TimeProvider time)
{
    /// <summary>Compare what should stand with what stands.</summary>
    public AutoResetSignal Reconcile { get; } = new(time);

    /// <summary>Read the manifest from its bucket.</summary>
    public AutoResetSignal Manifest { get; } = new(time);

    /// <summary>Read scores that are missing.</summary>
    public AutoResetSignal Scores { get; } = new(time);

    /// <summary>Report what stands.</summary>
    public AutoResetSignal Report { get; } = new(time);

    /// <summary>Say who the device is.</summary>
    public AutoResetSignal Info { get; } = new(time);

    /// <summary>Give a sign of life.</summary>
    public AutoResetSignal Heartbeat { get; } = new(time);

    /// <summary>A connection was made: all that passes over it is to be done again.</summary>
    public void Connected()
    {
        Manifest.Set();
        Scores.Set();
        Info.Set();
        Report.Set();
        Heartbeat.Set();
    }
}

/// <summary>Says that something is to be looked at again. Any number of signals before a look are one. For one reader.</summary>
internal sealed class AutoResetSignal(TimeProvider time)
{
    private readonly Channel<bool> pulses = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Something is to be looked at.</summary>
    public void Set() => pulses.Writer.TryWrite(true);

    /// <summary>Waits for a signal, and not longer than <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pulse = pulses.Reader.WaitToReadAsync(end.Token).AsTask();
        await Task.WhenAny(pulse, Task.Delay(atMost, time, end.Token));
        await end.CancelAsync();
        pulses.Reader.TryRead(out _);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
