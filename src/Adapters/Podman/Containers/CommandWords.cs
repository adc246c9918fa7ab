using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Adapters.Podman.Images;
using Harmony.Fleet.Adapters.Podman.Json;

namespace Harmony.Fleet.Adapters.Podman.Containers;

/// <summary>Finds out what a container runs, word by word.</summary>
internal static class CommandWords
{
    /// <summary>Up to 4.x podman writes the entrypoint as one string: what is run without the command at its end is the same, in words.</summary>
    public static (ImmutableArray<string> Entrypoint, ImmutableArray<string> Command) Of(InspectDocument document)
    {
        var run = Run(document);
        var command = ImageReader.Strings(document.Config?.Cmd);
        return command.Length <= run.Length && run.AsSpan()[(run.Length - command.Length)..].SequenceEqual(command.AsSpan())
            ? (run[..(run.Length - command.Length)], command)
            : ([], run);
    }

    /// <summary>Podman shows the first word of what is run, and then the others; but where there are none, the first once more.</summary>
    private static ImmutableArray<string> Run(InspectDocument document)
    {
        var others = ImageReader.Strings(document.Args);
        if (document.Path is not { Length: > 0 } first)
        {
            return others;
        }

        return others is [var only] && only == first && !AskedForTwice(document.Config, first) ? [first] : [first, .. others];
    }

    private static bool AskedForTwice(InspectDocument.ConfigPart? config, string word)
    {
        var entrypoint = config?.Entrypoint is { } element ? Words(element) : [];
        return string.Join(' ', entrypoint.Concat(ImageReader.Strings(config?.Cmd))) == $"{word} {word}";
    }

    private static IEnumerable<string> Words(JsonElement entrypoint) => entrypoint.ValueKind switch
    {
        JsonValueKind.String when entrypoint.GetString() is { Length: > 0 } text => [text],
        JsonValueKind.Array => entrypoint.EnumerateArray().Where(word => word.ValueKind == JsonValueKind.String).Select(word => word.GetString()!),
        _ => [],
    };
}
