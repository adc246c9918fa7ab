namespace Harmony.Fleet.Cli.Parsing;

/// <summary>Guesses what somebody meant to write.</summary>
internal static class Suggestion
{
    private const int MaxLength = 64;

    /// <summary>The candidate closest to <paramref name="word"/>; null where none is close.</summary>
    public static string? For(string word, IEnumerable<string> candidates)
    {
        if (word.Length > MaxLength)
        {
            return null;
        }

        var best = candidates.Where(candidate => candidate.Length <= MaxLength)
            .Select(candidate => (Candidate: candidate, Distance: Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(pair => pair.Distance <= Allowed(word, pair.Candidate))
            .OrderBy(pair => pair.Distance).ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Candidate;
    }

    private static int Allowed(string word, string candidate) =>
        candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase) && word.Length > 2 ? candidate.Length : Math.Max(word.Length, candidate.Length) / 3;

    /// <summary>How many letters must be put, dropped, changed or swapped with their neighbour (optimal string alignment).</summary>
    private static int Distance(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                table[i, j] = i == 0 || j == 0 ? i + j : Cheapest(table, left, right, i, j);
            }
        }

        return table[left.Length, right.Length];
    }

    private static int Cheapest(int[,] table, string left, string right, int i, int j)
    {
        var changed = table[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
        var cheapest = Math.Min(changed, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
        return i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] ? Math.Min(cheapest, table[i - 2, j - 2] + 1) : cheapest;
    }
}
