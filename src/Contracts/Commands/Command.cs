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
