namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>The table of contents of a docker archive.</summary>
internal sealed record ArchiveManifest(string Config, string[] RepoTags, string[] Layers);
