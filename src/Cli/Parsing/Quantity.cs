using System.Globalization;

namespace Harmony.Fleet.Cli.Parsing;

/// <summary>Amounts of memory and processor, as Kubernetes writes them.</summary>
internal static class Quantity
{
    /// <summary>How memory is written.</summary>
    public const string MemoryRule = "write it like 64Mi, 1Gi, 500M or a number of bytes";

    /// <summary>How processor is written.</summary>
    public const string CpuRule = "write it like 250m, 0.5 or 2";

    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", 1_000_000_000_000),
    ];

    /// <summary>Bytes: <c>64Mi</c>, <c>1.5Gi</c>, <c>500M</c>, <c>1048576</c>.</summary>
    public static bool TryParseMemory(string text, out long bytes)
    {
        var (suffix, factor) = Suffixes.FirstOrDefault(pair => text.EndsWith(pair.Suffix, StringComparison.Ordinal), (string.Empty, 1));
        var isNumber = TryNumber(text[..^suffix.Length], out var number);
        var amount = isNumber ? decimal.Truncate(number * factor) : 0;
        bytes = amount is > 0 and <= long.MaxValue ? (long)amount : 0;
        return bytes > 0;
    }

    /// <summary>Thousandths of a core: <c>250m</c>, <c>0.5</c>, <c>2</c>.</summary>
    public static bool TryParseCpu(string text, out int millicores)
    {
        var isMilli = text.EndsWith('m');
        var isNumber = TryNumber(isMilli ? text[..^1] : text, out var number);
        var amount = isNumber ? number * (isMilli ? 1 : 1000) : 0;
        millicores = amount is > 0 and <= 1_000_000 && decimal.Truncate(amount) == amount ? (int)amount : 0;
        return millicores > 0;
    }

    private static bool TryNumber(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && number <= 1_000_000_000_000_000;
}
