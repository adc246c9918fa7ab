using System.Globalization;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Desired;

/// <summary>That somebody approves the removal of a deployment from devices: <c>GENERATION/DEVICES/HOLD</c> in the annotation <see cref="ApiGroup.ApproveRemovalAnnotation"/>.</summary>
/// <param name="Hold">Of which hold, by the number that the status told: each new one is approved anew. 0 for none.</param>
/// <param name="Most">From how many devices at the most.</param>
public readonly record struct ApprovedRemoval(long Hold, int Most)
{
    /// <summary>The largest number in an annotation beyond which holds are numbered. What is larger nobody was told: it is a slip, and must leave numbers to go on with.</summary>
    internal const long MaxTold = 999_999_999_999_999;

    private const int MaxDigits = 18;

    /// <summary>What is approved of a deployment as it is. An approval of another generation, or one that names no hold, approves nothing.</summary>
    public static ApprovedRemoval Of(ObjectMeta metadata) =>
        metadata.Annotations.GetValueOrDefault(ApiGroup.ApproveRemovalAnnotation)?.Split('/') is [var generation, var count, { Length: <= MaxDigits } number]
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var hold)
            ? new(hold, generation == metadata.Generation.ToString(CultureInfo.InvariantCulture) && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : 0)
            : default;

    /// <summary>The approval as it was before holds had numbers, <c>GENERATION/DEVICES</c>; null where it is another, or none.</summary>
    public static string? Unnumbered(ObjectMeta metadata) =>
        metadata.Annotations.GetValueOrDefault(ApiGroup.ApproveRemovalAnnotation) is { } value && value.Split('/').Length == 2 ? value : null;
}
