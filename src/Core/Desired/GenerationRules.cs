using Harmony.Fleet.Contracts.Bus;

namespace Harmony.Fleet.Core.Desired;

/// <summary>
/// Which generation a new manifest gets. A device may hold a newer one than the operator knows of, because the operator's store or the bus
/// was restored from an older copy: then it is jumped past. What a device says moves only its own manifest, never the operator's term, and
/// only within bounds: a hostile device can neither use up the numbers of the fleet nor, in one report, its own.
/// </summary>
public static class GenerationRules
{
    /// <summary>How far ahead of ours a device's term may be: that many leaderships may a restored copy have missed.</summary>
    public const long MaxTermJump = 1 << 20;

    /// <summary>How far ahead of ours a device's counter may be, within one term.</summary>
    public const long MaxCounterJump = 1 << 20;

    /// <summary>Whether a generation that a device says it holds may be jumped past.</summary>
    /// <param name="term">The operator's term.</param>
    /// <param name="known">The newest generation that the operator itself gave the device; null where it knows of none.</param>
    /// <param name="held">What the device says.</param>
    public static bool IsWithinBounds(long term, Generation? known, Generation held)
    {
        var counterBefore = known is { } ours && ours.Term == held.Term ? ours.Counter : 0;
        return held.IsValid
            && held.Term <= Math.Max(term, known?.Term ?? 0) + MaxTermJump
            && held.Counter <= counterBefore + MaxCounterJump;
    }

    /// <summary>The generation after <paramref name="floor"/>; null where the numbers are used up.</summary>
    public static Generation? Next(long term, Generation? floor)
    {
        var next = floor is { } known && known.Term >= term ? known with { Counter = known.Counter + 1 } : new Generation(term, 1);
        return next.IsValid ? next : null;
    }
}
