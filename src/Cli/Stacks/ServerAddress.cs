using Harmony.Fleet.Cli.Outcomes;

namespace Harmony.Fleet.Cli.Stacks;

/// <summary>Where an operator listens: an http(s) URL, or a unix socket.</summary>
/// <param name="Url">What requests are relative to; <c>http://localhost/</c> for a socket.</param>
/// <param name="SocketPath">The socket's path; null for TCP.</param>
internal sealed record ServerAddress(Uri Url, string? SocketPath)
{
    private const string UnixPrefix = "unix:";

    /// <summary>Parses <c>http://host:port</c>, <c>https://host:port</c> or <c>unix:/path</c>.</summary>
    public static Outcome<ServerAddress> Parse(string text)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            var path = text[UnixPrefix.Length..];
            path = path.StartsWith("///", StringComparison.Ordinal) ? path[2..] : path;
            return Path.IsPathRooted(path) && !path.StartsWith("//", StringComparison.Ordinal)
                ? new ServerAddress(new Uri("http://localhost/"), path)
                : CliError.Usage($"'{text}' names no socket", "write unix:/absolute/path");
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0
            ? new ServerAddress(new Uri(url.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/"), null)
            : CliError.Usage($"'{text}' is no server", "write http://host:port, https://host:port or unix:/path");
    }

    /// <inheritdoc/>
    public override string ToString() => SocketPath is null ? Url.GetLeftPart(UriPartial.Path).TrimEnd('/') : UnixPrefix + SocketPath;
}
