using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Validation;

/// <summary>What the mounts of a container must be.</summary>
internal static class MountRules
{
    private const int MaxVolumeName = 255;

    public static IEnumerable<FieldError> Check(ImmutableArray<VolumeMount> mounts, string path) =>
    [
        .. mounts.SelectMany((mount, index) => One(mount, $"{path}[{index}]")),
        .. mounts.Index()
            .Where(mount => mount.Item is { MountPath.Length: > 0 })
            .GroupBy(mount => mount.Item.MountPath.TrimEnd('/'), StringComparer.Ordinal)
            .SelectMany(group => group.Skip(1))
            .Select(mount => FieldError.Duplicate($"{path}[{mount.Index}].mountPath", mount.Item.MountPath)),
    ];

    private static IEnumerable<FieldError> One(VolumeMount? mount, string path) => mount is null
        ? [FieldError.Required(path, "a mount is an object")]
        : [.. Source(mount, path), .. Target(mount, path)];

    private static IEnumerable<FieldError> Source(VolumeMount mount, string path)
    {
        switch (mount)
        {
            case { HostPath: null, Volume: null }:
                yield return FieldError.Required(path, "exactly one of hostPath and volume must be set");
                break;
            case { HostPath: not null, Volume: not null }:
                yield return FieldError.Forbidden(path, "only one of hostPath and volume may be set");
                break;
            case { HostPath: { } folder } when !IsAbsolute(folder):
                yield return FieldError.Invalid($"{path}.hostPath", folder, "must be an absolute path without '..'");
                break;
            case { Volume: { } volume } when !IsVolumeName(volume):
                yield return FieldError.Invalid($"{path}.volume", volume, "must begin with a letter or digit, then letters, digits, '_', '.' or '-'");
                break;
            default:
                break;
        }
    }

    private static IEnumerable<FieldError> Target(VolumeMount mount, string path)
    {
        if (mount.MountPath.Length == 0)
        {
            yield return FieldError.Required($"{path}.mountPath", "an absolute path in the container");
        }
        else if (!IsAbsolute(mount.MountPath) || mount.MountPath.TrimEnd('/').Length == 0)
        {
            yield return FieldError.Invalid($"{path}.mountPath", mount.MountPath, "must be an absolute path without '..', and not '/' itself");
        }
    }

    private static bool IsAbsolute(string path) =>
        path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal)
        && !path.Split('/').Contains("..", StringComparer.Ordinal);

    private static bool IsVolumeName(string name) =>
        name.Length is > 0 and <= MaxVolumeName && char.IsAsciiLetterOrDigit(name[0])
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-');
}
