using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Harmony.Fleet.Core.Containers;

/// <summary>
/// A full OCI image reference: registry, repository, and a tag or a digest. A short name gets what is left out: the registry
/// <c>docker.io</c>, its folder <c>library/</c>, the tag <c>latest</c>. A digest makes a tag beside it meaningless.
/// </summary>
public sealed partial record ImageReference
{
    /// <summary>The longest reference that is taken, in characters.</summary>
    public const int MaxLength = 512;

    private const string DefaultRegistry = "docker.io";
    private const string LocalRegistry = "localhost";

    private ImageReference(string registry, string repository, string suffix)
    {
        Registry = registry;
        Repository = repository;
        Suffix = suffix;
    }

    /// <summary>The registry's host and perhaps port.</summary>
    public string Registry { get; }

    /// <summary>The path in the registry.</summary>
    public string Repository { get; }

    /// <summary><c>:tag</c> or <c>@sha256:digest</c>.</summary>
    public string Suffix { get; }

    /// <summary>Whether it names an image that was made on the device and is never pulled. <c>localhost</c> with a port is a registry.</summary>
    public bool IsLocal => Registry == LocalRegistry;

    /// <summary>Parses <paramref name="text"/> as the runtimes do.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = null;
        if (text is null || text.Length > MaxLength || Pattern().Match(text) is not { Success: true } match)
        {
            return false;
        }

        var (registry, repository) = Split(match.Groups["name"].Value);
        if (!Host().IsMatch(registry) || !Path().IsMatch(repository))
        {
            return false;
        }

        var (tag, digest) = (match.Groups["tag"], match.Groups["digest"]);
        var suffix = digest.Success ? "@" + digest.Value : ":" + (tag.Success ? tag.Value : "latest");
        reference = new ImageReference(registry, repository, suffix);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Registry}/{Repository}{Suffix}";

    /// <summary>What stands before the first slash is a registry when it looks like a host, else it belongs to the path.</summary>
    private static (string Registry, string Repository) Split(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? string.Empty : name[..slash];
        if (first == LocalRegistry || first.AsSpan().ContainsAny('.', ':'))
        {
            return (first == "index.docker.io" ? DefaultRegistry : first, Library(first, name[(slash + 1)..]));
        }

        return (DefaultRegistry, Library(DefaultRegistry, name));
    }

    private static string Library(string registry, string repository) =>
        registry is DefaultRegistry or "index.docker.io" && !repository.Contains('/', StringComparison.Ordinal) ? "library/" + repository : repository;

    [GeneratedRegex("^(?<name>[^@]+?)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();

    [GeneratedRegex("^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:.]+\\])(?::[0-9]{1,5})?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Host();

    [GeneratedRegex("^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Path();
}
