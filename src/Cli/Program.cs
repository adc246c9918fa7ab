using System.Runtime.InteropServices;
using Harmony.Fleet.Cli;
using Harmony.Fleet.Cli.Hosting;

using var interrupted = new CancellationTokenSource();
var host = CliHost.OfProcess(HungUp);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangup = Hangups.AreIgnored ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
await using var terminal = host.Console.IsErrorTerminal ? Hangups.Watch(HungUp, host.Time) : null;
return await new FleetCli(host).RunAsync(args, interrupted.Token);

// The first signal lets the command clean up; the second one ends the process as usual.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = host.Interruption.MustClearUp || !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}

// Found in the middle of a write: what is to be ended is ended elsewhere.
void HungUp() => _ = interrupted.CancelAsync();
