using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Operator.Api;

/// <summary>The control plane's own finalizers, which a user's write neither adds nor removes: a file that was applied again must not skip the clean-up.</summary>
internal static class ReservedFinalizers
{
    /// <summary>What a user offers, with the reserved ones of <paramref name="present"/> in place of the offered ones.</summary>
    /// <param name="offered">What the user sent.</param>
    /// <param name="present">The stored finalizers; of a new resource those that it is to begin with.</param>
    public static ObjectMeta Keep(ObjectMeta offered, ImmutableArray<string> present)
    {
        ImmutableArray<string> reserved = [.. present.Where(IsReserved)];
        return offered with { Finalizers = [.. reserved, .. offered.Finalizers.Where(finalizer => !IsReserved(finalizer))] };
    }

    private static bool IsReserved(string? finalizer) => finalizer is not null && finalizer.StartsWith(ApiGroup.LabelPrefix, StringComparison.Ordinal);
}
