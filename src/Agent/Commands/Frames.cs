using System.Buffers;
using System.Text.Json;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Containers;

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

/// <summary>Joins pieces of one stream to frames of bounded size.</summary>
internal sealed class FramePacker
{
    private readonly ArrayBufferWriter<byte> data = new(CommandLimits.MaxFrameDataBytes);
    private bool isError;

    /// <summary>Adds <paramref name="chunk"/>, where it is of the frame's stream and fits.</summary>
    public bool TryAdd(LogChunk chunk)
    {
        if (data.WrittenCount > 0 && (chunk.IsError != isError || data.WrittenCount + chunk.Bytes.Length > CommandLimits.MaxFrameDataBytes))
        {
            return false;
        }

        isError = chunk.IsError;
        data.Write(chunk.Bytes.Span);
        return true;
    }

    /// <summary>The frame so far; the next begins empty.</summary>
    public (FrameKind Kind, ReadOnlyMemory<byte> Data) Take()
    {
        var taken = (isError ? FrameKind.Error : FrameKind.Data, data.WrittenSpan.ToArray());
        data.ResetWrittenCount();
        return taken;
    }
}
