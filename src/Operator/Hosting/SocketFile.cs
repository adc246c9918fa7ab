using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>The file of a unix socket, which stays behind when its process is killed.</summary>
internal static class SocketFile
{
    private const int FromWorkingFolder = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint TypeAlone = 0x1; // STATX_TYPE

    // struct statx has the same layout on every architecture.
    private const int StatxBytes = 256;
    private const int ModeOffset = 28;

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
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(path))
        {
            File.Delete(path);
            return;
        }
        catch (SocketException error)
        {
            throw new IOException($"{path} is in the way: {error.Message}", error);
        }

        throw new IOException("address already in use");
    }

    /// <summary>A connection to any other file is refused in the same words.</summary>
    private static bool IsSocket(string path)
    {
        var found = new byte[StatxBytes];
        return Statx(FromWorkingFolder, path, NoFollow, TypeAlone, found) == 0 && (BinaryPrimitives.ReadUInt16LittleEndian(found.AsSpan(ModeOffset)) & 0xF000) == 0xC000;
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] found);
}
