using System.Text.Json;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.NatsServers;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>
/// Reads <c>fleet.json</c>, which people can reach: each field is told by its name, and each number has its bounds here, so that nobody who
/// reads a wish has to ask whether it makes sense.
/// </summary>
internal static class StackWishReader
{
    private const int MaxShown = 40;

    /// <summary>What <paramref name="bytes"/> of the file at <paramref name="path"/> wish for; null where it is empty, as one that is not there.</summary>
    public static Outcome<StackWish?> Read(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.IsEmpty)
        {
            return Outcome.Of<StackWish?>(null);
        }

        try
        {
            return Read(JsonElement.Parse(bytes), path);
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            return Wrong(path, "is no JSON"); // Or holds half a surrogate pair.
        }
    }

    /// <summary>The id alone: whose a folder is does not hang on what else is wrong in the file. Null where there is none.</summary>
    public static string? Id(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonElement.Parse(bytes) is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
                ? id.GetString()
                : null;
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Outcome<StackWish?> Read(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return Wrong(path, "is no JSON object");
        }

        var hasStood = Member(root, "hasStood");
        var devices = Number(root, "devices", StackWish.MaxDevices, path);
        var nodes = Member(root, "natsNodes");
        var request = Number(root, "request", StackWish.MaxRequest, path);
        return Id(root) is not { } id ? Wrong(path, "has no id that is a text")
            : hasStood is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) } ? Wrong(path, $"has hasStood {Shown(hasStood.Value)}, where true or false should be")
            : nodes is { } written && !IsCount(written) ? Wrong(path, $"has natsNodes {Shown(written)}, where 1, 3 or 5 should be")
            : !devices.IsOk ? devices.Fault
            : !request.IsOk ? request.Fault
            : new StackWish { Id = id, HasStood = hasStood is { ValueKind: JsonValueKind.True }, Devices = (int)devices.Value, NatsNodes = nodes?.GetInt32() ?? 1, Request = request.Value };
    }

    private static string? Id(JsonElement root) => Member(root, "id") is { ValueKind: JsonValueKind.String } id ? id.GetString() : null;

    /// <summary>A whole number from 0 to <paramref name="max"/>; 0 where there is none.</summary>
    private static Outcome<long> Number(JsonElement root, string name, long max, string path) =>
        Member(root, name) is not { } member ? 0
        : member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var number) && number >= 0 && number <= max ? number
        : Wrong(path, $"has {name} {Shown(member)}, where a number from 0 to {max} should be");

    private static bool IsCount(JsonElement nodes) => nodes.ValueKind == JsonValueKind.Number && nodes.TryGetInt32(out var count) && NatsNode.Counts.Contains(count);

    private static JsonElement? Member(JsonElement root, string name) => root.TryGetProperty(name, out var member) ? member : null;

    private static string Shown(JsonElement value) => value.GetRawText() is { Length: > MaxShown } text ? text[..MaxShown] + " ..." : value.GetRawText();

    private static Fault Wrong(string path, string how) => Fault.Invalid($"{path} {how}", "mend the file, or restore it from a backup");
}
