using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Contracts.Json;

/// <summary>Enums as their names; a name from a newer version becomes the value 0, which every wire enum calls <c>Unknown</c>.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class TolerantEnumConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"The JSON value is no {typeof(T).Name}: a string is expected.");
        }

        var text = reader.GetString();
        return Enum.TryParse<T>(text, ignoreCase: false, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text![0]) ? value : default;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
