using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Deploy.Images;

/// <summary>
/// Writes docker archives, byte for byte the same for the same content: the image's id does not change when it is built again, so
/// that nothing is restarted for it.
/// </summary>
public static class ImageArchive
{
    private const UnixFileMode Program = (UnixFileMode)0b111_101_101;
    private const UnixFileMode Readable = (UnixFileMode)0b110_100_100;
    private const UnixFileMode ForAll = (UnixFileMode)0b1_111_111_111;
    private const string LayerName = "layer.tar";

    /// <summary>The archive of an image for this machine's processor.</summary>
    public static MemoryStream Write(ImageContent content)
    {
        var layer = Layer(content);
        var config = JsonSerializer.SerializeToUtf8Bytes(Config(content, layer), ArchiveJson.Default.ArchiveConfig);
        var configName = Convert.ToHexStringLower(SHA256.HashData(config)) + ".json";
        List<ArchiveManifest> manifest = [new(configName, [.. content.Tags], [LayerName])];

        var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            WriteFile(tar, configName, config, Readable);
            WriteFile(tar, LayerName, layer, Readable);
            WriteFile(tar, "manifest.json", JsonSerializer.SerializeToUtf8Bytes(manifest, ArchiveJson.Default.ListArchiveManifest), Readable);
        }

        archive.Position = 0;
        return archive;
    }

    private static byte[] Layer(ImageContent content)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var folder in content.Folders)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, folder + "/") { Mode = ForAll, ModificationTime = DateTimeOffset.UnixEpoch });
            }

            foreach (var (path, program) in content.Programs)
            {
                WriteFile(tar, path, program, Program);
            }

            foreach (var (path, target) in content.Links)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target, ModificationTime = DateTimeOffset.UnixEpoch });
            }
        }

        return bytes.ToArray();
    }

    private static void WriteFile(TarWriter tar, string path, ReadOnlyMemory<byte> content, UnixFileMode mode)
    {
        using var data = new MemoryStream(content.ToArray(), writable: false);
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { Mode = mode, DataStream = data, ModificationTime = DateTimeOffset.UnixEpoch });
    }

    private static ArchiveConfig Config(ImageContent content, byte[] layer) => new(
        RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "amd64",
            Architecture.Arm64 => "arm64",
            Architecture.Arm or Architecture.Armv6 => "arm",
            Architecture.X86 => "386",
            var other => other.ToString().ToLowerInvariant(),
        },
        "linux",
        "1970-01-01T00:00:00Z",
        new(
            [.. content.Entrypoint],
            content.Command.IsEmpty ? null : [.. content.Command],
            [.. content.Env],
            new SortedDictionary<string, string>(content.Labels.ToDictionary(), StringComparer.Ordinal),
            content.Volumes.IsEmpty ? null : new(content.Volumes.ToDictionary(path => path, _ => new ArchiveConfig.Nothing()), StringComparer.Ordinal)),
        new("layers", ["sha256:" + Convert.ToHexStringLower(SHA256.HashData(layer))]));
}

/// <summary>The table of contents of a docker archive.</summary>
internal sealed record ArchiveManifest(string Config, string[] RepoTags, string[] Layers);

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

/// <summary>JSON of a docker archive.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<ArchiveManifest>))]
[JsonSerializable(typeof(ArchiveConfig))]
internal sealed partial class ArchiveJson : JsonSerializerContext;
