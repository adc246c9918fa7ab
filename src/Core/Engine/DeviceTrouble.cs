using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Core.Engine;

/// <summary>What is not well with a device. Most devices are well: they have none.</summary>
internal sealed record DeviceTrouble
{
    /// <summary>Nothing.</summary>
    public static DeviceTrouble None { get; } = new();

    /// <summary>What is wrong with the resource; empty for nothing.</summary>
    public ImmutableArray<FieldError> Errors { get => field.IsDefault ? [] : field; init; }

    /// <summary>What the engine failed at over it; null for nothing.</summary>
    public ReconcileFault? Fault { get; init; }

    /// <summary>What it last did not take; null for nothing.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>How the scores that it misses are looked at; null where it misses none.</summary>
    public MissedScores? Missed { get; init; }

    /// <summary>Why it can be given no manifest that it would take; null where it can.</summary>
    public string? Stuck { get; init; }

    /// <summary>What it runs by a manifest that is not known, and was lost or cannot be judged, in words; null for nothing.</summary>
    public string? Unjudged { get; init; }

    /// <summary>What is held on it and runs there in a version that is not known, by a manifest that is not known either; null for nothing.</summary>
    public DeploymentKey? Unknown { get; init; }

    /// <summary>That it is given no manifest before it reports; null where it need not.</summary>
    public AwaitedReport? Awaited { get; init; }

    /// <summary>The deployments that have no place on it.</summary>
    public int Overflow { get; init; }

    /// <summary>What it says is not well on it, as it said it.</summary>
    public ImmutableArray<string> HealthFlags { get => field.IsDefault ? [] : field; init; }

    /// <summary>The labels that it reports and may not, each as <c>key: why</c>.</summary>
    public ImmutableArray<string> RejectedReported { get => field.IsDefault ? [] : field; init; }

    /// <summary>The administrator's labels that nobody may set, each as <c>key: why</c>.</summary>
    public ImmutableArray<string> RejectedSpec { get => field.IsDefault ? [] : field; init; }

    /// <summary>An older document that came last, where none came since that is news; null for none.</summary>
    public DocumentOrder? Outdated { get; init; }

    /// <summary>Whether all is well.</summary>
    public bool IsNone => this is { Errors.IsEmpty: true, Fault: null, Refusal: null, Missed: null, Stuck: null, Unjudged: null, Unknown: null, Awaited: null, Overflow: 0, HealthFlags.IsEmpty: true, RejectedReported.IsEmpty: true, RejectedSpec.IsEmpty: true, Outdated: null };
}

/// <summary>A device is given no manifest before it reports: it may hold a newer one than that which is known.</summary>
/// <param name="Since">Since when.</param>
/// <param name="Older">Of what its manifest names an older version than is wanted, and is held; null where there is no manifest at all.</param>
/// <param name="IsTold">Whether it is long enough to be told: each new device says who it is some seconds before it reports.</param>
internal sealed record AwaitedReport(DateTimeOffset Since, DeploymentKey? Older, bool IsTold)
{
    /// <summary>How long it is not told.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
}

/// <summary>A device misses scores of its manifest.</summary>
/// <param name="Looks">How often these were looked at for it.</param>
/// <param name="Next">When they are again.</param>
internal sealed record MissedScores(int Looks, DateTimeOffset Next)
{
    /// <summary>Without jitter: each score is put once, however many devices miss it.</summary>
    private static readonly BackOff Waits = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1));

    /// <summary>It has just said so.</summary>
    public static MissedScores Since(DateTimeOffset now) => new(1, now + Waits.After(1, 1));

    /// <summary>They were looked at once more.</summary>
    public MissedScores LookedAt(DateTimeOffset now) => new(Looks + 1, now + Waits.After(Looks + 1, 1));
}
