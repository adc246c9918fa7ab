using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Trust;

/// <summary>
/// The one byte form of a score, over which its digest is made. Nulls and empty arrays are left out: a field that a later version
/// adds (always null or empty by default) changes no digest, and so restarts nothing when the operator is upgraded.
/// </summary>
public static class CanonicalScore
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = WireLimits.MaxJsonDepth, AllowDuplicateProperties = false };

    /// <summary>The canonical bytes of <paramref name="score"/>.</summary>
    public static byte[] ToBytes(ReconcileScore score)
    {
        using var document = JsonSerializer.SerializeToDocument(score, ContractsJson.Scores.ReconcileScore);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, document.RootElement);
        }

        return stream.ToArray();
    }

    /// <summary>Reads a plain score strictly.</summary>
    public static ScoreParseOutcome Parse(ReadOnlySpan<byte> plain)
    {
        if (plain.Length > WireLimits.MaxScoreBytes)
        {
            return new ScoreParseOutcome.Malformed($"a score of {plain.Length} bytes is larger than {WireLimits.MaxScoreBytes}");
        }

        try
        {
            using var document = JsonDocument.Parse(plain.ToArray(), Options);
            return ScoreShape.Score.FirstUnknown(document.RootElement) is { } unknown
                ? new ScoreParseOutcome.UnknownField(unknown)
                : Check(document);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is no Unicode, for example half of a surrogate pair.
            return new ScoreParseOutcome.Malformed($"it is no score: {JsonProblem.Of(error)}");
        }
    }

    private static ScoreParseOutcome Check(JsonDocument document)
    {
        if (NullElements.FirstOf(document.RootElement) is { } path)
        {
            return new ScoreParseOutcome.Malformed($"{path} is null");
        }

        var score = document.Deserialize(ContractsJson.Scores.ReconcileScore);
        return score switch
        {
            null => new ScoreParseOutcome.Malformed("it is null"),
            { PodmanV0: null } => new ScoreParseOutcome.Malformed("it is of no kind"),
            { PodmanV0.RestartPolicy: RestartPolicy.Unknown } => new ScoreParseOutcome.UnknownField("PodmanV0.restartPolicy"),
            _ => new ScoreParseOutcome.Parsed(score),
        };
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().Where(member => !IsEmptyArray(member.Value)))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static bool IsEmptyArray(JsonElement element) => element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == 0;
}

/// <summary>What a plain score turned out to be.</summary>
public abstract record ScoreParseOutcome
{
    private ScoreParseOutcome()
    {
    }

    /// <summary>A score, every field of which is known here. Its values are not validated yet.</summary>
    /// <param name="Score">It.</param>
    public sealed record Parsed(ReconcileScore Score) : ScoreParseOutcome;

    /// <summary>It has a field, or a value, that this program does not know: carrying it out in part would be wrong.</summary>
    /// <param name="Field">Where, for example <c>PodmanV0.containers[0].gpu</c>.</param>
    public sealed record UnknownField(string Field) : ScoreParseOutcome
    {
        /// <summary>One sentence for people.</summary>
        public string Message => $"agent too old for field {Field}";
    }

    /// <summary>It is no score.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Malformed(string Reason) : ScoreParseOutcome;
}
