using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Fields;

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

    /// <summary>Why it can be given no manifest that it would take; null where it can.</summary>
    public string? Stuck { get; init; }

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
    public bool IsNone => this is { Errors.IsEmpty: true, Fault: null, Refusal: null, Stuck: null, Overflow: 0, HealthFlags.IsEmpty: true, RejectedReported.IsEmpty: true, RejectedSpec.IsEmpty: true, Outdated: null };
}
