using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>Plain scalars by YAML 1.2's core schema: <c>yes</c> and <c>on</c> are texts, <c>010</c> is ten, quoted ones are texts in any case.</summary>
internal static partial class YamlScalar
{
    /// <summary>2^53: up to here each whole number is one of its own.</summary>
    private const double LargestExact = 9007199254740992;

    /// <summary>The value of a plain <paramref name="text"/>; false where JSON has none for it.</summary>
    public static bool TryResolve(string text, out JsonNode? value)
    {
        value = null;
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return true;
            case "true" or "True" or "TRUE":
                value = JsonValue.Create(true);
                return true;
            case "false" or "False" or "FALSE":
                value = JsonValue.Create(false);
                return true;
        }

        if (NotFinite().IsMatch(text))
        {
            return false;
        }

        if (!IsNumber(text, out var number))
        {
            value = JsonValue.Create(text);
            return true;
        }

        value = number;
        return number is not null;
    }

    /// <summary>Whether <paramref name="text"/> is a number; null is one that no JSON can hold.</summary>
    private static bool IsNumber(string text, out JsonValue? number)
    {
        var isNumber = true;
        number = null;
        if (Integer().IsMatch(text))
        {
            number = WrittenNumber.Of(text, Digits(text));
        }
        else if (Octal().IsMatch(text))
        {
            number = WrittenNumber.Of(text, $"{Convert.ToInt64(text[2..], 8)}");
        }
        else if (Hexadecimal().IsMatch(text))
        {
            number = WrittenNumber.Of(text, $"{Convert.ToInt64(text[2..], 16)}");
        }
        else if (Float().IsMatch(text))
        {
            var real = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            number = double.IsFinite(real) ? WrittenNumber.Of(text, real == Math.Truncate(real) && Math.Abs(real) < LargestExact ? $"{(long)real}" : $"{real:R}") : null;
        }
        else
        {
            isNumber = false;
        }

        return isNumber;
    }

    /// <summary>Without a plus and leading zeros, which JSON does not know.</summary>
    private static string Digits(string text)
    {
        var digits = text.TrimStart('+', '-').TrimStart('0');
        return digits.Length == 0 ? "0" : text[0] == '-' ? "-" + digits : digits;
    }

    [GeneratedRegex(@"\A[-+]?[0-9]+\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Integer();

    [GeneratedRegex(@"\A0o[0-7]{1,20}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Octal();

    [GeneratedRegex(@"\A0x[0-9a-fA-F]{1,15}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"\A[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Float();

    [GeneratedRegex(@"\A(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotFinite();
}
