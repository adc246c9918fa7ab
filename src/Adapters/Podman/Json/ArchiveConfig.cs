using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>The config of an image in a docker archive; its digest is the image's id.</summary>
internal sealed record ArchiveConfig(
    [property: JsonPropertyName("architecture")] string Architecture,
    [property: JsonPropertyName("os")] string Os,
    [property: JsonPropertyName("created")] string Created,
    [property: JsonPropertyName("config")] ArchiveConfig.RunPart Config,
    [property: JsonPropertyName("rootfs")] ArchiveConfig.LayersPart RootFs)
{
    /// <summary>What containers get from it.</summary>
    internal sealed record RunPart(
        string[] Entrypoint,
        string[]? Cmd,
        string[] Env,
        SortedDictionary<string, string>? Labels,
        SortedDictionary<string, ArchiveConfig.Nothing>? Volumes);

    /// <summary>Its content.</summary>
    internal sealed record LayersPart(
        [property: JsonPropertyName("type")] string Type,
        [property: JsonPropertyName("diff_ids")] string[] DiffIds);

    /// <summary>An empty object: a set is written as a dictionary of them.</summary>
    internal sealed record Nothing;
}
