using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Commands;

/// <summary>One frame of a reply. Its MAC covers all of it.</summary>
public sealed record ReplyFrame
{
    /// <summary><see cref="BusVersion.V1"/>.</summary>
    public string ApiVersion { get => field ?? BusVersion.V1; init; }

    /// <summary>Who answers.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>The command's session.</summary>
    public required string Session { get; init; }

    /// <summary>Counts a session's frames from 0, without a gap.</summary>
    public required int Sequence { get; init; }

    /// <summary>What it is.</summary>
    public required FrameKind Kind { get; init; }

    /// <summary>The bytes, base64 on the wire; at most 32 KiB; empty in a frame that only says that the device is still there.</summary>
    public byte[] Data { get => field ?? []; init; }
}
