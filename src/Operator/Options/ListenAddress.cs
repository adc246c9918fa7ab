using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Harmony.Fleet.Operator.Options;

/// <summary>Where the API listens: loopback or a unix socket, and nowhere else as long as users do not log in.</summary>
internal abstract record ListenAddress
{
    private const string UnixPrefix = "unix:";

    /// <summary>The longest path of a unix socket on Linux, in bytes.</summary>
    private const int MaxSocketPath = 107;

    private ListenAddress()
    {
    }

    /// <summary>Parses <c>http://127.0.0.1:PORT</c>, <c>http://[::1]:PORT</c>, <c>http://localhost:PORT</c> or <c>unix:/path</c>; port 0 picks a free one.</summary>
    /// <returns>Whether it is one; else <paramref name="problem"/> says what is wrong with it.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address, out string problem)
    {
        (address, problem) = text.StartsWith(UnixPrefix, StringComparison.Ordinal) ? Socket(text[UnixPrefix.Length..]) : Http(text);
        return address is not null;
    }

    private static (ListenAddress? Address, string Problem) Socket(string path)
    {
        if (!path.StartsWith('/') || path.EndsWith('/') || path.Contains('\0', StringComparison.Ordinal))
        {
            return (null, $"'{UnixPrefix}{path}' names no socket; write unix:/absolute/path.");
        }

        return System.Text.Encoding.UTF8.GetByteCount(path) <= MaxSocketPath
            ? (new UnixSocket(path), string.Empty)
            : (null, $"'{path}' is too long for a socket; use at most {MaxSocketPath} bytes.");
    }

    private static (ListenAddress? Address, string Problem) Http(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.AbsolutePath != "/" || url.UserInfo.Length > 0)
        {
            return (null, $"'{text}' is no address; write http://127.0.0.1:PORT or unix:/path.");
        }

        var host = url.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(url.Host.Trim('[', ']'), out var ip) ? ip : null;
        return host is not null && IPAddress.IsLoopback(host)
            ? (new Tcp(new IPEndPoint(host, url.Port)), string.Empty)
            : (null, $"'{text}' can be reached from other machines, and users cannot log in yet; use http://127.0.0.1:{url.Port} or unix:/path.");
    }

    /// <summary>A TCP port of a loopback address.</summary>
    /// <param name="EndPoint">It.</param>
    public sealed record Tcp(IPEndPoint EndPoint) : ListenAddress
    {
        /// <inheritdoc/>
        public override string ToString() => $"http://{EndPoint}";
    }

    /// <summary>A unix socket.</summary>
    /// <param name="Path">Its absolute path.</param>
    public sealed record UnixSocket(string Path) : ListenAddress
    {
        /// <inheritdoc/>
        public override string ToString() => UnixPrefix + Path;
    }
}
