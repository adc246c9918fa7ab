using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Resources;

/// <summary>What is told of a resource, compared with what is known. Versions are opaque: only the same one is known to be the same.</summary>
public static class Told
{
    /// <summary>
    /// Whether <paramref name="told"/> is no news. The answer to a write may be newer than what a watch still brings: nothing goes back to an
    /// older spec.
    /// </summary>
    public static bool IsOldNews(ObjectMeta known, ObjectMeta told) =>
        known.ResourceVersion == told.ResourceVersion || (known.Uid == told.Uid && told.Generation < known.Generation);
}
