using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Adapters.Podman.Images;

/// <summary>What a failed pull means.</summary>
internal static class PullFailures
{
    /// <summary>A registry's final words; whatever else goes wrong between a device and a registry passes.</summary>
    private static readonly string[] Final =
    [
        "manifest unknown",
        "name unknown",
        "repository name not known",
        "manifest not found",
        "invalid reference format",
        "unauthorized",
        "access to the resource is denied",
        "authentication required",
        "no image found in manifest list for architecture",
        "no image found in image index for architecture",
    ];

    /// <summary>The failure for podman's words.</summary>
    public static Fault Of(ImageName name, string error) => new(
        Final.Any(words => error.Contains(words, StringComparison.OrdinalIgnoreCase)) ? FaultKind.Permanent : FaultKind.Transient,
        Failures.OneLine($"image {name} cannot be pulled: {error}"));
}
