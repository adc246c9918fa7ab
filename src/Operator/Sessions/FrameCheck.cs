using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Sessions;

/// <summary>Lets pass the frames of one session, in their order: verified before they are parsed, each once, and none left out.</summary>
internal sealed class FrameCheck(DeviceKeyRing keys, DeviceId device, string session)
{
    private int expected;

    /// <summary>Judges a message. For one caller.</summary>
    public FrameVerdict Check(BusMessage message)
    {
        if (message.Payload.Length > WireLimits.MaxDocumentBytes)
        {
            return new FrameVerdict.Ignored($"it has {message.Payload.Length} bytes");
        }

        if (!keys.IsFrom(device, MessageKinds.Reply, message.Payload.Span, message.Headers.Mac))
        {
            return new FrameVerdict.Ignored("its MAC is not the device's");
        }

        if (Parse(message.Payload.Span) is not { } frame || frame.Device != device || frame.Session != session)
        {
            return new FrameVerdict.Ignored("it is no frame of this session");
        }

        if (frame.Sequence != expected)
        {
            return frame.Sequence < expected ? new FrameVerdict.Ignored("it was here before") : new FrameVerdict.Gap(frame.Sequence - expected);
        }

        if (frame.Data.Length > CommandLimits.MaxFrameDataBytes)
        {
            return new FrameVerdict.Ignored($"it holds {frame.Data.Length} bytes");
        }

        expected++;
        return new FrameVerdict.Next(frame);
    }

    private static ReplyFrame? Parse(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, ContractsJson.Bus.ReplyFrame);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What a message on a reply subject is.</summary>
internal abstract record FrameVerdict
{
    private FrameVerdict()
    {
    }

    /// <summary>The session's next frame.</summary>
    /// <param name="Frame">It.</param>
    public sealed record Next(ReplyFrame Frame) : FrameVerdict;

    /// <summary>Nothing of the device's, or nothing new.</summary>
    /// <param name="Reason">A part of a sentence, for the log.</param>
    public sealed record Ignored(string Reason) : FrameVerdict;

    /// <summary>The device's own, but frames before it are lost.</summary>
    /// <param name="Missing">How many.</param>
    public sealed record Gap(int Missing) : FrameVerdict;
}
