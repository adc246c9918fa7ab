using System.Buffers;
using System.Text;

namespace Harmony.Fleet.Cli.Layout;

/// <summary>Sentences, broken between their words where the terminal ends.</summary>
internal static class Prose
{
    // No character at all, and one column wide as it is measured: a space that nothing is broken at.
    private const char Glue = '\ufdd0';

    private static readonly SearchValues<char> AfterAWord = SearchValues.Create(" '\",:;.");

    /// <summary>
    /// <paramref name="text"/> in lines of at most <paramref name="width"/> columns (0: as it is), those that follow as deep as the first one, or
    /// <paramref name="hanging"/> columns. A word that is longer than a line stays whole: paths and addresses are copied. So does what
    /// <paramref name="whole"/> names, spaces and all.
    /// </summary>
    public static IEnumerable<string> Wrap(string text, int width, int? hanging = null, IEnumerable<string>? whole = null) =>
        Broken((whole ?? []).Aggregate(text, (glued, part) => glued.Replace(part, part.Replace(' ', Glue), StringComparison.Ordinal)), width, hanging)
            .Select(line => line.Replace(Glue, ' '));

    /// <summary><paramref name="text"/> as it goes on after a colon: without a capital letter where it begins as a sentence does. Names with more than one stay as they are.</summary>
    public static string Inner(string text)
    {
        var end = text.AsSpan().IndexOfAny(AfterAWord);
        var word = text.AsSpan(0, end < 0 ? text.Length : end);
        return word.Length > 0 && char.IsAsciiLetterUpper(word[0]) && !word[1..].ContainsAnyExceptInRange('a', 'z') ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }

    private static IEnumerable<string> Broken(string text, int width, int? hanging)
    {
        if (width <= 0 || TextWidth.Of(text.Replace(Glue, ' ')) <= width)
        {
            yield return text;
            yield break;
        }

        var body = text.TrimStart(' ');
        var line = new StringBuilder().Append(' ', text.Length - body.Length);
        var margin = new string(' ', Math.Min(hanging ?? line.Length, width / 2));
        var gap = string.Empty;
        foreach (var word in body.Split(' '))
        {
            // An empty word is one more space between two others.
            var isLong = TextWidth.Of($"{line}{gap}{word}".Replace(Glue, ' ')) > width;
            if (word.Length > 0 && isLong && line.ToString().AsSpan().ContainsAnyExcept(' '))
            {
                yield return line.ToString();
                line.Clear().Append(margin);
                gap = string.Empty;
            }

            line.Append(word.Length > 0 ? gap + word : string.Empty);
            gap = word.Length > 0 ? " " : gap + " ";
        }

        yield return line.ToString();
    }
}
