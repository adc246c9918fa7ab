using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Harmony.Fleet.Hosting.Options;

/// <summary>Compares what was written with the shape that it should have, to the last setting: a parser would stop at the first error.</summary>
internal static class SettingsShape
{
    /// <summary>Tells <paramref name="error"/> of every setting that there is not, and of every value of another kind.</summary>
    /// <returns>Whether all values are of their kinds.</returns>
    public static bool Check(JsonElement written, JsonTypeInfo type, string at, Action<string> error)
    {
        if (written.ValueKind == JsonValueKind.Null)
        {
            return true; // As good as missing.
        }

        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return CheckValue(written, type, at, error);
        }

        if (written.ValueKind == JsonValueKind.Object)
        {
            return CheckObject(written, type, at, error);
        }

        error(at.Length == 0 ? "The settings must be {...}." : $"{at}: it must be {{...}}.");
        return false;
    }

    private static bool CheckObject(JsonElement written, JsonTypeInfo type, string at, Action<string> error)
    {
        var isRight = true;
        foreach (var one in written.EnumerateObject())
        {
            var name = at.Length == 0 ? one.Name : $"{at}.{one.Name}";
            if (type.Properties.FirstOrDefault(known => known.Name == one.Name) is { } property)
            {
                isRight &= Check(one.Value, type.Options.GetTypeInfo(property.PropertyType), name, error);
            }
            else
            {
                error($"{name}: there is no such setting; there are {string.Join(", ", type.Properties.Select(known => known.Name))}.");
            }
        }

        return isRight;
    }

    private static bool CheckValue(JsonElement written, JsonTypeInfo type, string at, Action<string> error)
    {
        try
        {
            written.Deserialize(type);
            return true;
        }
        catch (JsonException)
        {
            error($"{at}: it must be {Kind(type.Type)}.");
            return false;
        }
    }

    private static string Kind(Type type) =>
        type == typeof(string) ? "a text"
        : type == typeof(int?) ? "a whole number"
        : type == typeof(double?) ? "a number"
        : type == typeof(bool?) ? "true or false"
        : "{...} with a text for each name";
}
