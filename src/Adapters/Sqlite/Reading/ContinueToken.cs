using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Harmony.Fleet.Adapters.Sqlite.Reading;

/// <summary>Where a page ended: the version that the whole list shows, and the last resource.</summary>
/// <param name="Version">The store's version at the first page.</param>
/// <param name="Namespace">The last resource's namespace; empty for cluster-scoped kinds.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct ContinueToken(long Version, string Namespace, string Name)
{
    private const int MaxLength = 512;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <returns>Whether it is a token.</returns>
    public static bool TryParse(string text, out ContinueToken token)
    {
        token = default;
        if (text.Length > MaxLength || !Base64Url.IsValid(text))
        {
            return false;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('\n');
        if (parts.Length != 3 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            return false;
        }

        token = new ContinueToken(version, parts[1], parts[2]);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Version}\n{Namespace}\n{Name}"));
}
