using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Aggregation;

namespace Harmony.Fleet.Core.Desired;

/// <summary>A deployment that matches a device: what the device said of it, and how it was last counted. A fleet has a million of them, so each field is as small as it can be.</summary>
internal struct Pair
{
    /// <summary>The deployment's slot.</summary>
    public int Deployment;

    /// <summary>Where the device is among the deployment's members.</summary>
    public int Position;

    /// <summary>The version that the device spoke of; <see cref="Versions.None"/> where it said nothing that is known.</summary>
    public int Said;

    private byte phase;
    private Marks marks;
    private PairState counted;

    [Flags]
    private enum Marks : byte
    {
        None = 0,
        SaidCompleted = 1,
        CountedCompleted = 2,
        CountedError = 4,
    }

    /// <summary>The phase that the device said.</summary>
    public readonly Phase Phase => (Phase)phase;

    /// <summary>Whether the device said that it is over.</summary>
    public readonly bool IsCompleted => marks.HasFlag(Marks.SaidCompleted);

    /// <summary>How it was counted.</summary>
    public readonly PairState Counted => counted;

    /// <summary>Whether it was counted as over.</summary>
    public readonly bool IsCountedCompleted => marks.HasFlag(Marks.CountedCompleted);

    /// <summary>Whether the device's error was counted.</summary>
    public readonly bool IsErrorCounted => marks.HasFlag(Marks.CountedError);

    /// <summary>The device spoke.</summary>
    public void Say(int version, Phase said, bool isCompleted)
    {
        (Said, phase) = (version, (byte)said);
        marks = isCompleted ? marks | Marks.SaidCompleted : marks & ~Marks.SaidCompleted;
    }

    /// <summary>It was counted.</summary>
    public void Count(Verdict verdict)
    {
        counted = verdict.State;
        marks = (marks & Marks.SaidCompleted) | (verdict.IsCompleted ? Marks.CountedCompleted : Marks.None) | (verdict.Error is null ? Marks.None : Marks.CountedError);
    }
}
