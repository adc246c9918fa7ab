using System.Runtime.CompilerServices;
using System.Text;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Operator.Sessions;

namespace Harmony.Fleet.Tests.Cli;

/// <summary>Devices of which all but <c>pi-2</c> answer: a ping at once, a log with what was asked.</summary>
internal sealed class EchoDevices : IDeviceCommands
{
    public Task<CommandOutcome<PingReply>> PingAsync(DeviceId device, CancellationToken cancellationToken) => Task.FromResult<CommandOutcome<PingReply>>(device.Value == "pi-2"
        ? new CommandOutcome<PingReply>.DeviceUnreachable("pi-2 did not answer within 5 s.")
        : new CommandOutcome<PingReply>.Answered(new PingReply { Device = device, AgentVersion = "0.1.0", UptimeSeconds = 60 }));

    public Task<CommandOutcome<ILogSession>> LogsAsync(DeviceId device, LogsRequest request, CancellationToken cancellationToken) => Task.FromResult<CommandOutcome<ILogSession>>(
        request.Container == "gone" ? new CommandOutcome<ILogSession>.Failed(request.NotFoundOn(device))
        : request.Container == "none"
            ? new CommandOutcome<ILogSession>.Failed("There is no container none.")
            : new CommandOutcome<ILogSession>.Answered(new Log($"{request.Namespace}/{request.Name} tail {request.Tail} follow {request.Follow}\nin two pieces ä")));

    private sealed class Log(string text) : ILogSession
    {
        public async IAsyncEnumerable<LogPiece> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var bytes = Encoding.UTF8.GetBytes(text);

            // The last character's bytes come in two pieces.
            yield return new LogPiece(IsError: false, bytes.AsMemory(0, bytes.Length - 1));
            await Task.Yield();
            yield return new LogPiece(IsError: false, bytes.AsMemory(bytes.Length - 1));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
