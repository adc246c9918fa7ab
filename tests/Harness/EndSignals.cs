using System.Runtime.InteropServices;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>Listens for SIGTERM and Ctrl-C: a program that has started processes ends them before itself.</summary>
public sealed class EndSignals : IDisposable
{
    /// <summary>What a program ends with that was told to.</summary>
    public const int ExitCode = 130;

    private readonly CancellationTokenSource told = new();
    private readonly PosixSignalRegistration[] registrations;

    public EndSignals() => registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, End), PosixSignalRegistration.Create(PosixSignal.SIGINT, End)];

    /// <summary>Is cancelled by the first of them.</summary>
    public CancellationToken Token => told.Token;

    public void Dispose()
    {
        Array.ForEach(registrations, registration => registration.Dispose());
        told.Dispose();
    }

    private void End(PosixSignalContext signal)
    {
        signal.Cancel = true; // Not yet the end.
        told.Cancel();
    }
}
