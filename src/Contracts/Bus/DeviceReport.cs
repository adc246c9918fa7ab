using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Wire;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Bus;

/// <summary>What stands on one device, as its agent sees it.</summary>
public sealed record DeviceReport
{
    /// <summary><see cref="BusVersion.V1"/>.</summary>
    public string ApiVersion { get => field ?? BusVersion.V1; init; }

    /// <summary>Whose report it is.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>Which run of the agent wrote it: random, new at each start.</summary>
    public required string Instance { get; init; }

    /// <summary>Which start of the agent wrote it: of two documents the one of the higher boot is newer. 0 where the agent does not count its starts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Boot { get; init; }

    /// <summary>Counts all that one start wrote, from 1 (an agent that does not count its starts: its reports alone): of two reports of a start the higher one is newer.</summary>
    public required long Sequence { get; init; }

    /// <summary>Its place among all that the device says.</summary>
    [JsonIgnore]
    public DocumentOrder Order => new(Boot, Sequence);

    /// <summary>When it was written, by the device's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The generation of the held manifest; null when none is held.</summary>
    public Generation? ManifestGeneration { get; init; }

    /// <summary>The SHA-256 of the held manifest's bytes; null when none is held.</summary>
    public Digest? ManifestDigest { get; init; }

    /// <summary>The newest refusal, until a manifest is taken or the held one is offered again.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The deployments, by namespace and name.</summary>
    public ImmutableArray<DeploymentReport> Deployments { get => field.IsDefault ? [] : field; init; }
}

/// <summary>The newest manifest that a device did not take.</summary>
public sealed record Refusal
{
    /// <summary>Why.</summary>
    public required RefusalReason Reason { get; init; }

    /// <summary>The refused generation, where it could be read with trust.</summary>
    public Generation? Generation { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Message { get => field ?? string.Empty; init; }

    /// <summary>When, by the device's clock.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>Why a device did not take a manifest.</summary>
[JsonConverter(typeof(TolerantEnumConverter<RefusalReason>))]
public enum RefusalReason
{
    /// <summary>A reason from a newer agent.</summary>
    Unknown,

    /// <summary>Its generation is older than the held one.</summary>
    Stale,

    /// <summary>It has the held generation and other bytes.</summary>
    Forked,

    /// <summary>Its MAC is missing or wrong: not from this control plane, or for another device.</summary>
    BadMac,

    /// <summary>A score that it names is not to be had, or is not what its digest says.</summary>
    ScoreMissing,

    /// <summary>It is of a version that this agent does not know.</summary>
    TooNew,

    /// <summary>Its MAC is right, and yet it is no manifest of this device.</summary>
    Malformed,
}
