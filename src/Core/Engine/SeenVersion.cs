using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Core.Engine;

/// <summary>Which version of a resource was last seen, without the resource.</summary>
internal readonly record struct SeenVersion(Fingerprint Uid, Fingerprint Version, ulong Number, long Generation)
{
    /// <summary>That of <paramref name="metadata"/>.</summary>
    public static SeenVersion Of(ObjectMeta metadata) => new(Fingerprint.Of(metadata.Uid), Fingerprint.Of(metadata.ResourceVersion), Told.NumberOf(metadata), metadata.Generation);

    /// <summary>Whether <paramref name="told"/> is no news, by the rule of <see cref="Told"/>.</summary>
    public bool MakesOldNewsOf(SeenVersion told) => told.Version == Version
        || (told.Uid == Uid && (told.Generation < Generation || (told.Generation == Generation && told.Number > 0 && told.Number < Number)));
}
