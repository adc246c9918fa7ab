using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Commands;

/// <summary>One command to a device. Its MAC covers all of it.</summary>
public sealed record Command
{
    /// <summary><see cref="BusVersion.V1"/>.</summary>
    public string ApiVersion { get => field ?? BusVersion.V1; init; }

    /// <summary>For whom it is.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>One of <see cref="Verbs"/>; the same as the subject's last token.</summary>
    public required string Verb { get; init; }

    /// <summary>The nonce that the device issued for its present connection.</summary>
    public required string Nonce { get; init; }

    /// <summary>Random, 22 characters of base64url: names the session and its reply subject. A device takes each one once, but for <see cref="Verbs.Credit"/>.</summary>
    public required string Session { get; init; }

    /// <summary>How many frames the device may send before it needs more credit; the first grant, or with the verb credit the sum of all grants, and 0 to end the session; null for 64. The last frame needs none.</summary>
    public int? Credit { get; init; }

    /// <summary>The arguments of <see cref="Verbs.Logs"/>.</summary>
    public LogsRequest? Logs { get; init; }
}

/// <summary>What a device can be asked.</summary>
public static class Verbs
{
    /// <summary>Answer at once: one frame, the last, with a <see cref="PingReply"/>.</summary>
    public const string Ping = "ping";

    /// <summary>A container's log: an empty frame when there is such a container, then frames of bytes.</summary>
    public const string Logs = "logs";

    /// <summary>Tells a session that is <see cref="FrameKind.Ready"/> to begin; grants more frames to a running session, and renews its lease (<see cref="CommandLimits.Lease"/>), also where it grants no more than before.</summary>
    public const string Credit = "credit";
}

/// <summary>Which log to read.</summary>
public sealed record LogsRequest
{
    /// <summary>The deployment's namespace.</summary>
    public required NamespaceName Namespace { get; init; }

    /// <summary>The deployment's name.</summary>
    public required DeploymentName Name { get; init; }

    /// <summary>The container; null for the only, or the first one.</summary>
    public string? Container { get; init; }

    /// <summary>How many of the last lines, 1 to 10,000; null for 100.</summary>
    public int? Tail { get; init; }

    /// <summary>Whether to go on with new lines as they come.</summary>
    public bool Follow { get; init; }

    /// <summary>What <paramref name="device"/> answers where it has no such container: a last frame of the kind Failed with this sentence, by which callers tell it from other failures.</summary>
    public string NotFoundOn(DeviceId device) => $"device {device} has {(Container is null ? "no container" : $"no container {Container}")} of deployment {Namespace}/{Name}";
}
