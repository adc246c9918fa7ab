using System.Runtime.InteropServices;
using Harmony.Fleet.Cli;

using var interrupted = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await new FleetCli(CliHost.OfProcess()).RunAsync(args, interrupted.Token);

// The first signal lets the command clean up; the second one ends the process as usual.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}
