using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Operator.Api;

/// <summary>What is wrong with a body that cannot be read.</summary>
internal static class BodyErrors
{
    private const int MaxTold = 5;

    /// <summary>It in one sentence: where, which fields, what was expected of each and what was found.</summary>
    /// <param name="error">Why it cannot be read.</param>
    /// <param name="body">The body.</param>
    /// <param name="type">What it is to be.</param>
    public static string Sentence(JsonException error, byte[] body, JsonTypeInfo type)
    {
        var where = error.LineNumber is { } line ? $" at line {line + 1}, column {error.BytePositionInLine + 1}" : string.Empty;
        var fields = Fields(body, type);
        return $"The body is not the JSON that is expected{where}: {(fields.Length > 0 ? string.Join("; ", fields) : JsonProblem.Of(error))}.";
    }

    private static string[] Fields(byte[] body, JsonTypeInfo type)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = type.Options.MaxDepth });
            return [.. ContractShape.Find(type, document.RootElement).Take(MaxTold).Select(wrong => wrong.Path.Length > 0 ? wrong.ToString() : wrong.Message)];
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return []; // It is no JSON at all, which the error says.
        }
    }
}
