using System.Buffers;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Agent.Commands;

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
