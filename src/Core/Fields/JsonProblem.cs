using System.Text.Json;

namespace Harmony.Fleet.Core.Fields;

/// <summary>Why JSON could not be read, for people: with the path of the field, and without the names of this program's types, which the JSON library tells.</summary>
public static class JsonProblem
{
    /// <summary>It in words, without a full stop: <c>spec.score: what stands there is of another kind than is expected</c>.</summary>
    /// <param name="error">What the JSON library threw.</param>
    public static string Of(Exception error)
    {
        var path = (error as JsonException)?.Path?.TrimStart('$').TrimStart('.');
        return string.IsNullOrEmpty(path) ? Words(error.Message) : $"{path}: {Words(error.Message)}";
    }

    private static string Words(string message)
    {
        var end = message.IndexOf(" Path: ", StringComparison.Ordinal) is >= 0 and var path ? path : message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        var words = (end < 0 ? message : message[..end]).TrimEnd('.');
        return words.Contains("System.", StringComparison.Ordinal) || words.Contains("Harmony.", StringComparison.Ordinal) ? "what stands there is of another kind than is expected" : words;
    }
}
