using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Sessions;

/// <summary>Writes commands, each with its MAC and the nonce of the device's present connection.</summary>
internal sealed class CommandSender(IBus bus, IDeviceDirectory directory, DeviceKeyRing keys)
{
    /// <summary>Whether the bus has taken what was sent: false says that no device is to blame.</summary>
    public Task<bool> IsTakenAsync(CancellationToken cancellationToken) => bus.AnswersAsync(cancellationToken);

    /// <summary>Sends a command.</summary>
    /// <returns>Why it could not be sent; null where it was.</returns>
    public async Task<string?> SendAsync(
        DeviceId device, string verb, string session, int? credit, LogsRequest? logs, CancellationToken cancellationToken)
    {
        if (!directory.TryGetCommandNonce(device, out var nonce))
        {
            return $"device {device} has not said hello yet: its agent never connected, or its keys are others";
        }

        var command = new Command { Device = device, Verb = verb, Nonce = nonce, Session = session, Credit = credit, Logs = logs };
        var payload = JsonSerializer.SerializeToUtf8Bytes(command, ContractsJson.Bus.Command);
        var headers = new BusHeaders(keys.Sign(device, MessageKinds.Command, payload));
        return await bus.PublishAsync(Subjects.Command(device, verb), payload, headers, cancellationToken) switch
        {
            PublishOutcome.Sent => null,
            PublishOutcome.LinkDown => $"the operator has no connection to NATS: {bus.Link.Detail}",
            var other => $"the command could not be sent: {other}",
        };
    }
}
