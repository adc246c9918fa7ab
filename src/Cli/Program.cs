using System.Runtime.InteropServices;
using Harmony.Fleet.Cli;
using Harmony.Fleet.Cli.Hosting;

var host = CliHost.OfProcess();
using var interrupted = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
return await new FleetCli(host).RunAsync(args, interrupted.Token);

// The first signal lets the command clean up; the second one ends the process as usual.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = host.Interruption.MustClearUp || !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}
