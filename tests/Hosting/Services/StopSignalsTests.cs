using System.Runtime.InteropServices;
using Harmony.Fleet.Hosting.Services;

namespace Harmony.Fleet.Tests.Hosting.Services;

public sealed class StopSignalsTests
{
    [Fact]
    public void Receive_First_CancelsAndKeepsTheProcess()
    {
        using var signals = StopSignals.Listen();
        var context = new PosixSignalContext(PosixSignal.SIGTERM);

        signals.Receive(context);

        context.Cancel.ShouldBeTrue();
        signals.Token.IsCancellationRequested.ShouldBeTrue();
        signals.Received.IsCompleted.ShouldBeTrue();
    }

    /// <summary>The runtime calls what was registered when the signal came, though the registration has ended meanwhile.</summary>
    [Fact]
    public void Receive_AfterTheEnd_DoesNothing()
    {
        var signals = StopSignals.Listen();
        signals.Dispose();
        var context = new PosixSignalContext(PosixSignal.SIGTERM);

        signals.Receive(context);

        context.Cancel.ShouldBeTrue();
    }
}
