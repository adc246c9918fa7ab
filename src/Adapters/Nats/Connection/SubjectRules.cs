using System.Buffers;
using System.Runtime.CompilerServices;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>What may stand in the place of a subject: nothing that would end the word, or the line.</summary>
internal static class SubjectRules
{
    private static readonly SearchValues<char> _forbidden = SearchValues.Create([.. Enumerable.Range(0, 33).Select(c => (char)c), '\u007f']);

    /// <summary>Refuses what cannot be sent as one word.</summary>
    /// <exception cref="ArgumentException">It is empty, or has a blank, a control character or an empty token.</exception>
    public static void Demand(string subject, [CallerArgumentExpression(nameof(subject))] string? name = null)
    {
        if (subject.Length == 0 || subject.AsSpan().ContainsAny(_forbidden) || subject[0] == '.' || subject[^1] == '.' || subject.Contains("..", StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{subject}' is no NATS subject.", name);
        }
    }
}
