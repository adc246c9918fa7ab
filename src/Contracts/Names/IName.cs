using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Contracts.Names;

/// <summary>A name that is parsed once, at the edge, and valid ever after.</summary>
/// <typeparam name="TSelf">The name's own type.</typeparam>
public interface IName<TSelf>
    where TSelf : struct, IName<TSelf>
{
    /// <summary>The name's text.</summary>
    string Value { get; }

    /// <summary>Parses <paramref name="text"/>.</summary>
    /// <returns>Whether it is valid; <paramref name="name"/> is <c>default</c> where it is not.</returns>
    static abstract bool TryParse([NotNullWhen(true)] string? text, out TSelf name);
}

/// <summary>Writes a name as a JSON string, and reads only valid ones.</summary>
/// <typeparam name="T">The name's type.</typeparam>
public sealed class NameConverter<T> : JsonConverter<T>
    where T : struct, IName<T>
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">The text is no valid name.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && T.TryParse(reader.GetString(), out var name)
            ? name
            : throw new JsonException($"The JSON value is no valid {typeof(T).Name}.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

/// <summary>The rule that every name of a fleet obeys: an RFC 1123 DNS label, as Kubernetes uses it for namespaces.</summary>
public static class DnsLabel
{
    /// <summary>The longest label, in characters.</summary>
    public const int MaxLength = 63;

    /// <summary>The rule in one sentence, for error texts.</summary>
    public const string Rule = "1 to 63 characters of a-z, 0-9 and '-', beginning and ending with a letter or digit";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Says whether <paramref name="text"/> is a DNS label.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxLength && text[0] != '-' && text[^1] != '-' && !text.ContainsAnyExcept(Allowed);
}
