using System.Net.Sockets;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>The file of a unix socket, which stays behind when its process is killed.</summary>
internal static class SocketFile
{
    /// <summary>Makes room for a socket at <paramref name="path"/>: makes its folder, and removes a socket on which nobody listens.</summary>
    /// <exception cref="IOException">Somebody listens there, or it is no socket.</exception>
    public static void MakeRoom(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!Path.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused && FileEntry.At(path).Kind == FileKind.Socket)
        {
            // A connection to any other file is refused in the same words.
            File.Delete(path);
            return;
        }
        catch (SocketException error)
        {
            throw new IOException($"{path} is in the way: {error.Message}", error);
        }

        throw new IOException("address already in use");
    }
}
