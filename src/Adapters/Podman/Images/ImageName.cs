using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Core.Images;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Adapters.Podman.Images;

/// <summary>
/// An image's name in full, so that podman has nothing to look up. A short one gets what docker and podman put there: the registry
/// <c>docker.io</c>, its folder <c>library/</c>, the tag <c>latest</c>. Beside a digest a tag means nothing, and podman refuses both.
/// </summary>
/// <param name="Text">The name.</param>
/// <param name="IsLocal">Whether it was made on the device and is never pulled. <c>localhost</c> with a port is a registry.</param>
internal sealed record ImageName(string Text, bool IsLocal)
{
    private const string DefaultRegistry = "docker.io";

    /// <summary>The full name of <paramref name="reference"/>.</summary>
    public static ImageName Of(ImageReference reference)
    {
        var registry = reference.Registry is null or "index.docker.io" ? DefaultRegistry : reference.Registry;
        var folder = registry == DefaultRegistry && !reference.Repository.Contains('/', StringComparison.Ordinal) ? "library/" : string.Empty;
        var suffix = reference.Digest is { } digest ? "@" + digest : ":" + (reference.Tag ?? "latest");
        return new ImageName($"{registry}/{folder}{reference.Repository}{suffix}", registry == "localhost");
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

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
        Failures.OneLine($"image {name} cannot be pulled: {Reason(name, error)}"));

    /// <summary>Podman's words without those at their beginning that only name the image again: "initializing source docker://...", "reading manifest 1 in ...".</summary>
    private static string Reason(ImageName name, string error)
    {
        var repository = name.Text[..name.Text.LastIndexOfAny(['@', ':'])];
        repository = repository.EndsWith("@sha256", StringComparison.Ordinal) ? repository[..^"@sha256".Length] : repository;
        while (error.IndexOf(": ", StringComparison.Ordinal) is > 0 and var end
            && (error.StartsWith("initializing source ", StringComparison.Ordinal) || error.AsSpan(0, end).Contains(repository, StringComparison.Ordinal)))
        {
            error = error[(end + 2)..];
        }

        return error;
    }
}
