using System.Runtime.InteropServices;

namespace Harmony.Fleet.Hosting.Services;

/// <summary>
/// Listens for SIGTERM, SIGINT and SIGQUIT from the first instruction of a program on: a service manager may stop what it has only just
/// started, and that is no failure.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] registrations;
    private readonly Lock gate = new();
    private bool isDisposed;

    private StopSignals() =>
        registrations = [.. ((PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT]).Select(signal => PosixSignalRegistration.Create(signal, Receive))];

    /// <summary>Is cancelled with the first signal.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>Ends with the first signal.</summary>
    public Task Received => received.Task;

    /// <summary>Begins to listen.</summary>
    public static StopSignals Listen() => new();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }

        lock (gate)
        {
            isDisposed = true;
            stop.Dispose();
        }
    }

    /// <summary>A signal has come. It may have been on its way when the registration ended.</summary>
    internal void Receive(PosixSignalContext context)
    {
        context.Cancel = true; // Not the end of the process: it ends in order.
        lock (gate)
        {
            if (received.TrySetResult() && !isDisposed)
            {
                _ = stop.CancelAsync();
            }
        }
    }
}
