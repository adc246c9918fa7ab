using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Wire;
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

/// <summary>What a frame of a reply is.</summary>
[JsonConverter(typeof(TolerantEnumConverter<FrameKind>))]
public enum FrameKind
{
    /// <summary>From a newer agent; ignored.</summary>
    Unknown,

    /// <summary>A part of the answer, or of a container's stdout.</summary>
    Data,

    /// <summary>A part of a container's stderr.</summary>
    Error,

    /// <summary>The last frame: all went well.</summary>
    End,

    /// <summary>The last frame: it could not be done; the data is one sentence of UTF-8.</summary>
    Failed,

    /// <summary>The first frame: the command has come. The device begins when it is granted credit, and not later than <see cref="CommandLimits.BeginLimit"/>; it needs none for this frame.</summary>
    Ready,
}

/// <summary>The answer to a ping.</summary>
public sealed record PingReply
{
    /// <summary>Who answers.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>The agent's version.</summary>
    public required string AgentVersion { get; init; }

    /// <summary>Seconds since the agent started.</summary>
    public required long UptimeSeconds { get; init; }
}
