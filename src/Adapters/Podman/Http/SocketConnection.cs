using System.Net.Sockets;
using System.Text;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Adapters.Podman.Http;

/// <summary>Connections to podman's unix socket, and what to say where there is none.</summary>
internal static class SocketConnection
{
    /// <summary>The kernel's limit for the path of a unix socket, in bytes.</summary>
    public const int MaxPathBytes = 107;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Connections come from a pool, and leave it before podman's socket-activated service would end them itself (after 5 s).</summary>
    public static SocketsHttpHandler Handler(string socketPath) => Handler(socketPath, TimeSpan.FromSeconds(2));

    /// <summary>
    /// A connection for each answer without an end. Not from the pool: one that is never given back there has it look for old ones every second,
    /// for ever, which was most of what an agent at rest did.
    /// </summary>
    public static SocketsHttpHandler StreamHandler(string socketPath) => Handler(socketPath, TimeSpan.Zero);

    private static SocketsHttpHandler Handler(string socketPath, TimeSpan keptFor) => new()
    {
        ConnectCallback = (_, cancellationToken) => ConnectAsync(socketPath, cancellationToken),
        ConnectTimeout = ConnectTimeout,
        PooledConnectionIdleTimeout = keptFor,
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxResponseHeadersLength = 64,
    };

    /// <summary>Whether the kernel takes the path.</summary>
    public static bool IsShortEnough(string socketPath) => Encoding.UTF8.GetByteCount(socketPath) <= MaxPathBytes;

    /// <summary>Whether it is a socket of podman's unit in systemd: the machine's, or a user's.</summary>
    public static bool IsOfSystemd(string socketPath) => socketPath == PodmanOptions.DefaultSocketPath || IsOfUser(socketPath);

    /// <summary>One sentence for a connection that could not be made, with what to do.</summary>
    public static string Explain(string socketPath, SocketError error) => error switch
    {
        SocketError.AccessDenied =>
            $"no right to use podman's socket {socketPath}: run as its owner, or name another socket",
        SocketError.ConnectionRefused =>
            $"nothing answers at podman's socket {socketPath}: {Remedy(socketPath, "restart")}",
        SocketError.AddressNotAvailable or SocketError.HostNotFound or SocketError.NotConnected or SocketError.NetworkDown =>
            Absent(socketPath),
        _ when !File.Exists(socketPath) => Absent(socketPath),
        _ => $"podman's socket {socketPath} cannot be opened: {error}",
    };

    private static async ValueTask<Stream> ConnectAsync(string socketPath, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Absent(string socketPath) => InstalledPrograms.Find("podman") is null
        ? "podman is not installed: install it (Debian: apt-get install podman)"
        : $"podman's socket {socketPath} is not there: {Remedy(socketPath, "enable --now")}";

    /// <summary>A local device has no unit: its fleet starts its podman again.</summary>
    private static string Remedy(string socketPath, string verb) => IsOfSystemd(socketPath)
        ? $"start podman's service (systemctl {(IsOfUser(socketPath) ? "--user " : string.Empty)}{verb} podman.socket)"
        : "a fleet up starts the podman of its devices again by itself; any other is started by podman system service";

    private static bool IsOfUser(string socketPath) =>
        socketPath.StartsWith("/run/user/", StringComparison.Ordinal) && socketPath.EndsWith("/podman/podman.sock", StringComparison.Ordinal) && socketPath.Count(letter => letter == '/') == 5;
}
