using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>A number as JSON has it, and as somebody wrote it: messages show the latter (<c>0x1F</c>, <c>1.50</c>, <c>010</c>).</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Json">As JSON.</param>
[JsonConverter(typeof(WrittenNumberConverter))]
internal readonly record struct WrittenNumber(string Text, string Json)
{
    /// <summary>The number as a value of JSON.</summary>
    public static JsonValue Of(string text, string json) => new WrittenNumber(text, json).ToNode();

    /// <summary>The same number as a value of JSON.</summary>
    public JsonValue ToNode() => Text == Json ? JsonValue.Create(JsonElement.Parse(Json))! : JsonValue.Create(this, WrittenNumberJson.Default.WrittenNumber)!;
}

/// <summary>Writes the number alone.</summary>
internal sealed class WrittenNumberConverter : JsonConverter<WrittenNumber>
{
    /// <inheritdoc/>
    public override WrittenNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, WrittenNumber value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json);
}

/// <summary>JSON of numbers as they were written.</summary>
[JsonSerializable(typeof(WrittenNumber))]
internal sealed partial class WrittenNumberJson : JsonSerializerContext;
