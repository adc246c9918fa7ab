using System.Globalization;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Resources;

/// <summary>
/// What is told of a resource, compared with what is known. Versions of one that has the same uid and generation are compared where both are numbers, which a store gives in their order;
/// of others only the same one is known to be the same.
/// </summary>
public static class Told
{
    /// <summary>
    /// Whether <paramref name="told"/> is no news. The answer to a write may be newer than what a watch still brings, or older than what it has brought: nothing goes back to an
    /// older spec, or takes back what somebody wrote since.
    /// </summary>
    public static bool IsOldNews(ObjectMeta known, ObjectMeta told) =>
        known.ResourceVersion == told.ResourceVersion
        || (known.Uid == told.Uid && (told.Generation < known.Generation || (told.Generation == known.Generation && Compare(told, known) < 0)));

    /// <summary>Whether <paramref name="told"/> is known to have been written after <paramref name="known"/>.</summary>
    public static bool IsLater(ObjectMeta known, ObjectMeta told) => Compare(told, known) > 0;

    /// <summary>The version of a resource as a number, of which a store gives the newer one the greater; 0 where it is none.</summary>
    public static ulong NumberOf(ObjectMeta metadata) =>
        ulong.TryParse(metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static int Compare(ObjectMeta one, ObjectMeta other) =>
        NumberOf(one) is > 0 and var first && NumberOf(other) is > 0 and var second ? first.CompareTo(second) : 0;
}
