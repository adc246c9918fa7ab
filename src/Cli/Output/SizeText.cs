using System.Globalization;

namespace Harmony.Fleet.Cli.Output;

/// <summary>Sizes for people.</summary>
internal static class SizeText
{
    /// <summary>Bytes in the largest unit that leaves at least one.</summary>
    public static string Of(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var value = (double)bytes;
        var unit = 0;
        while (value >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {units[unit]}");
    }
}
