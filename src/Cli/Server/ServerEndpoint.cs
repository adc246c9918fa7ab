using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Server;

/// <summary>What the command line says about which operator to speak to; null where it says nothing.</summary>
/// <param name="Server"><c>--server</c>.</param>
/// <param name="TokenFile"><c>--token-file</c>.</param>
/// <param name="Data"><c>--data</c>.</param>
internal sealed record ServerChoice(string? Server, string? TokenFile, string? Data);

/// <summary>Which operator to speak to, and as whom.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Token">The bearer token.</param>
internal sealed record ServerEndpoint(ServerAddress Address, string Token)
{
    /// <summary>The command line that shows how the fleet is that it belongs to; null where it is none of this machine.</summary>
    public string? StatusLine { get; init; }

    /// <summary>Without the token.</summary>
    public override string ToString() => Address.ToString();
}

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
                : Fault.Invalid($"'{text}' names no socket", "write unix:/absolute/path");
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0
            ? new ServerAddress(new Uri(url.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/"), null)
            : Fault.Invalid($"'{text}' is no server", "write http://host:port, https://host:port or unix:/path");
    }

    /// <inheritdoc/>
    public override string ToString() => SocketPath is null ? Url.GetLeftPart(UriPartial.Path).TrimEnd('/') : UnixPrefix + SocketPath;
}
