using System.Diagnostics.CodeAnalysis;

namespace Harmony.Fleet.Core.Images;

/// <summary>An OCI image reference, <c>[registry[:port]/]path[:tag][@digest]</c>, in the grammar that docker and podman share.</summary>
/// <remarks>Nothing is filled in here: the container runtime does that, as docker and podman do (<c>docker.io</c>, <c>library/</c>, <c>latest</c>).</remarks>
public sealed record ImageReference
{
    private const int MaxLength = 512;
    private const int MaxNameLength = 255;

    private ImageReference(string? registry, string repository, string? tag, string? digest) =>
        (Registry, Repository, Tag, Digest) = (registry, repository, tag, digest);

    /// <summary>The registry with its port; null where none is named.</summary>
    public string? Registry { get; }

    /// <summary>The path within the registry.</summary>
    public string Repository { get; }

    /// <summary>The tag; null where none is named.</summary>
    public string? Tag { get; }

    /// <summary>The digest with its algorithm, <c>sha256:...</c>; null where none is named.</summary>
    public string? Digest { get; }

    /// <summary>Parses <paramref name="text"/>.</summary>
    /// <param name="text">The text, for example <c>registry.example:5000/app:1.2</c>.</param>
    /// <param name="reference">The reference; null where there is none.</param>
    /// <param name="error">What is wrong with the text; null where nothing is.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? error)
    {
        reference = null;
        error = text.Length is 0 ? "it is empty" : text.Length > MaxLength ? $"it is longer than {MaxLength} characters" : null;
        if (error is not null)
        {
            return false;
        }

        var (name, tag, digest) = Split(text);
        var (registry, repository) = SplitName(name);
        error = ErrorOf(name, registry, repository, tag, digest);
        reference = error is null ? new ImageReference(registry, repository, tag, digest) : null;
        return reference is not null;
    }

    /// <summary>The reference as it was written.</summary>
    public override string ToString() =>
        $"{(Registry is null ? string.Empty : Registry + "/")}{Repository}{(Tag is null ? string.Empty : ":" + Tag)}{(Digest is null ? string.Empty : "@" + Digest)}";

    private static (string Name, string? Tag, string? Digest) Split(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var (front, digest) = at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
        var colon = front.LastIndexOf(':');
        return colon > front.LastIndexOf('/') ? (front[..colon], front[(colon + 1)..], digest) : (front, null, digest);
    }

    private static (string? Registry, string Repository) SplitName(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? string.Empty : name[..slash];
        var isRegistry = first is "localhost" || first.AsSpan().ContainsAny('.', ':') || first.Any(char.IsAsciiLetterUpper);
        return isRegistry ? (first, name[(slash + 1)..]) : (null, name);
    }

    private static string? ErrorOf(string name, string? registry, string repository, string? tag, string? digest)
    {
        if (registry is not null && !ImageGrammar.Registry().IsMatch(registry))
        {
            return $"'{registry}' is no registry";
        }

        if (!ImageGrammar.Repository().IsMatch(repository))
        {
            return repository.Any(char.IsAsciiLetterUpper)
                ? $"'{repository}' is no repository: it must be lower case"
                : $"'{repository}' is no repository: use a-z and 0-9, single '.' or '_' or '-' within, and '/' between";
        }

        if (name.Length > MaxNameLength)
        {
            return $"its name is longer than {MaxNameLength} characters";
        }

        return tag is not null && !ImageGrammar.Tag().IsMatch(tag) ? $"'{tag}' is no tag"
            : digest is not null && !ImageGrammar.Digest().IsMatch(digest) ? $"'{digest}' is no digest: sha256: and 64 characters of lower-case hexadecimal"
            : null;
    }
}
