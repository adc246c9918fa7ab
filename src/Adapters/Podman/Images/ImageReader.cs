using System.Collections.Immutable;
using Harmony.Fleet.Adapters.Podman.Json;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Adapters.Podman.Images;

/// <summary>Reads what podman writes of images, and what containers have of them.</summary>
internal static class ImageReader
{
    /// <summary>An image's id without the prefix that some answers carry.</summary>
    public static string ImageId(string? id) =>
        id is null ? string.Empty : id.StartsWith("sha256:", StringComparison.Ordinal) ? id["sha256:".Length..] : id;

    /// <summary>What the image brings along.</summary>
    public static ImageDefaults Defaults(ImageDocument.SettingsPart? config) => new()
    {
        Entrypoint = Strings(config?.Entrypoint),
        Command = Strings(config?.Cmd),
        Env = Environment(config?.Env),
        Labels = Labels(config?.Labels),
        Volumes = config?.Volumes is { } volumes ? [.. volumes.Keys.Order(StringComparer.Ordinal)] : [],
    };

    /// <summary>Texts; what is null is empty.</summary>
    public static ImmutableArray<string> Strings(List<string?>? from) => from is null ? [] : [.. from.Select(text => text ?? string.Empty)];

    /// <summary>Variables by name.</summary>
    public static ImmutableSortedDictionary<string, string> Environment(List<string?>? from)
    {
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var variable in Strings(from))
        {
            var equals = variable.IndexOf('=', StringComparison.Ordinal);
            variables[equals < 0 ? variable : variable[..equals]] = equals < 0 ? string.Empty : variable[(equals + 1)..];
        }

        return variables.ToImmutable();
    }

    /// <summary>Labels by key.</summary>
    public static ImmutableSortedDictionary<string, string> Labels(Dictionary<string, string?>? from) =>
        (from ?? []).ToImmutableSortedDictionary(label => label.Key, label => label.Value ?? string.Empty, StringComparer.Ordinal);
}
