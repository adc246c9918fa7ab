using System.Buffers;
using System.Text.Json;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Bus;

namespace Harmony.Fleet.Operator.Api;

/// <summary>The keys of scores in manifests: whoever looks at a bucket over somebody's shoulder is not shown them.</summary>
internal static class HiddenKeys
{
    private const string Hidden = "***";

    /// <summary><paramref name="value"/> of <paramref name="bucket"/>, without the keys in it.</summary>
    public static BucketValue Hide(string bucket, BucketValue value) => bucket == BucketNames.DesiredState && value.Value is { ValueKind: JsonValueKind.Object } manifest
        ? value with { Value = Hide(manifest) }
        : value;

    /// <summary>Written part by part, so that a field which somebody named twice is hidden twice: no operator writes that, and all the same it is looked at.</summary>
    private static JsonElement Hide(JsonElement manifest)
    {
        var hidden = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(hidden))
        {
            Write(writer, manifest, "entries", entries => WriteEntries(writer, entries));
        }

        return JsonElement.Parse(hidden.WrittenSpan);
    }

    private static void WriteEntries(Utf8JsonWriter writer, JsonElement entries)
    {
        if (entries.ValueKind != JsonValueKind.Array)
        {
            entries.WriteTo(writer);
            return;
        }

        writer.WriteStartArray();
        foreach (var entry in entries.EnumerateArray())
        {
            Write(writer, entry, "key", _ => writer.WriteStringValue(Hidden));
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a value as it is, but where it is an object its fields of that name otherwise.</summary>
    private static void Write(Utf8JsonWriter writer, JsonElement value, string name, Action<JsonElement> otherwise)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var field in value.EnumerateObject())
        {
            writer.WritePropertyName(field.Name);
            (field.NameEquals(name) ? otherwise : one => one.WriteTo(writer))(field.Value);
        }

        writer.WriteEndObject();
    }
}
