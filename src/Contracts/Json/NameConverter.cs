using System.Text.Json;
using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Json;

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
