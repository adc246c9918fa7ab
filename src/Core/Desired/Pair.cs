using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Aggregation;

namespace Harmony.Fleet.Core.Desired;

/// <summary>A deployment that matches a device: which version the device is given, what it said, and how that was last counted. A fleet has a million of them: each is twelve bytes.</summary>
internal struct Pair
{
    private const int SlotShift = 8;
    private const uint PhaseBits = 0x07;
    private const int CountedShift = 3;
    private const uint CountedBits = 0x18;
    private const uint SaidCompleted = 0x20;
    private const uint CountedCompleted = 0x40;
    private const uint CountedError = 0x80;

    /// <summary>Where the device is among the deployment's members.</summary>
    public int Position;

    /// <summary>The version that the device spoke of; <see cref="Versions.None"/> where it said nothing that is known.</summary>
    public ushort Said;

    /// <summary>The version that the device's manifest is to name, where the deployment has a place on it.</summary>
    public ushort Given;

    // The deployment's slot, and below it what was said of it and how it was counted.
    private uint packed;

    /// <summary>A pair of which the device has said nothing.</summary>
    /// <param name="deployment">The deployment's slot, below 2^24.</param>
    /// <param name="position">Where the device is among its members.</param>
    /// <param name="given">The version that the device is given.</param>
    public Pair(int deployment, int position, ushort given)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(deployment, 1 << (32 - SlotShift));
        (packed, Position, Given) = ((uint)deployment << SlotShift, position, given);
    }

    /// <summary>The deployment's slot.</summary>
    public readonly int Deployment => (int)(packed >> SlotShift);

    /// <summary>The phase that the device said.</summary>
    public readonly Phase Phase => (Phase)(packed & PhaseBits);

    /// <summary>Whether the device said that it is over.</summary>
    public readonly bool IsCompleted => (packed & SaidCompleted) != 0;

    /// <summary>How it was counted.</summary>
    public readonly PairState Counted => (PairState)((packed & CountedBits) >> CountedShift);

    /// <summary>Whether it was counted as over.</summary>
    public readonly bool IsCountedCompleted => (packed & CountedCompleted) != 0;

    /// <summary>Whether the device's error was counted.</summary>
    public readonly bool IsErrorCounted => (packed & CountedError) != 0;

    /// <summary>The device spoke.</summary>
    public void Say(ushort version, Phase said, bool isCompleted) =>
        (Said, packed) = (version, (packed & ~(PhaseBits | SaidCompleted)) | ((uint)said & PhaseBits) | (isCompleted ? SaidCompleted : 0));

    /// <summary>It was counted.</summary>
    public void Count(Verdict verdict) => packed = (packed & ~(CountedBits | CountedCompleted | CountedError))
        | (((uint)verdict.State << CountedShift) & CountedBits) | (verdict.IsCompleted ? CountedCompleted : 0) | (verdict.Error is null ? 0 : CountedError);
}
