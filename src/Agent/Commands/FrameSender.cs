using System.Text.Json;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Agent.Commands;

/// <summary>Writes frames, each with its MAC.</summary>
internal sealed class FrameSender(IBus bus, AgentIdentity identity)
{
    /// <summary>Sends one frame, once.</summary>
    public ValueTask<PublishOutcome> SendAsync(
        string session, int sequence, FrameKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var frame = new ReplyFrame { Device = identity.Device, Session = session, Sequence = sequence, Kind = kind, Data = data.ToArray() };
        var payload = JsonSerializer.SerializeToUtf8Bytes(frame, ContractsJson.Bus.ReplyFrame);
        var mac = MessageMac.Sign(identity.Keys.Up, identity.Keys.Epoch, MessageKinds.Reply, identity.Device, payload);
        return bus.PublishAsync(Subjects.Reply(identity.Device, session), payload, new BusHeaders(mac), cancellationToken);
    }
}
