using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Contracts.Commands;

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
}
