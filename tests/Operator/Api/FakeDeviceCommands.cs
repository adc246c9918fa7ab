using System.Runtime.CompilerServices;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Operator.Sessions;

namespace Harmony.Fleet.Tests.Operator.Api;

/// <summary>Devices that answer what a test says.</summary>
internal sealed class FakeDeviceCommands : IDeviceCommands
{
    public Func<DeviceId, CommandOutcome<PingReply>> Ping { get; set; } = _ => new CommandOutcome<PingReply>.DeviceUnreachable("no answer within 5 s");

    public Func<DeviceId, LogsRequest, CommandOutcome<ILogSession>> Logs { get; set; } = (_, _) => new CommandOutcome<ILogSession>.Failed("no such container");

    public Task<CommandOutcome<PingReply>> PingAsync(DeviceId device, CancellationToken cancellationToken) => Task.FromResult(Ping(device));

    public Task<CommandOutcome<ILogSession>> LogsAsync(DeviceId device, LogsRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(Logs(device, request));

    /// <summary>A log of some pieces, which then ends, breaks, or stays open.</summary>
    public sealed class Log(LogPiece[] pieces, string? breaks = null, bool staysOpen = false) : ILogSession
    {
        public TaskCompletionSource Disposed { get; } = new();

        public async IAsyncEnumerable<LogPiece> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var piece in pieces)
            {
                yield return piece;
            }

            if (breaks is not null)
            {
                throw new SessionBrokenException(breaks, isDeviceAway: true);
            }

            await Task.Delay(staysOpen ? Timeout.Infinite : 0, cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            Disposed.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
