using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Contracts.Wire;

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

        // .NET takes numbers, spaces around, and several names with commas, too.
        return Enum.TryParse<T>(text, ignoreCase: false, out var value) && string.Equals(value.ToString(), text, StringComparison.Ordinal) && Enum.IsDefined(value) ? value : default;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>Times as RFC 3339 in UTC, to the millisecond at the most: <c>2026-11-21T07:33:00Z</c>, <c>2026-11-21T07:33:00.25Z</c>.</summary>
public sealed class TimestampConverter : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFF'Z'";

    /// <summary>The text of <paramref name="time"/>.</summary>
    public static string ToText(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    /// <exception cref="JsonException">The text is no time.</exception>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetDateTimeOffset(out var time) ? time : throw new JsonException("The JSON value is no RFC 3339 time.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ToText(value));
}
