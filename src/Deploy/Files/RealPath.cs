using System.Runtime.InteropServices;
using System.Text;

namespace Harmony.Fleet.Deploy.Files;

/// <summary>Paths without links in them, as the kernel itself names what it mounts and runs.</summary>
public static partial class RealPath
{
    private const int PathMax = 4096;

    /// <summary>The path that <paramref name="path"/> leads to, as far as it is there and may be looked at; what is not is left as it was named.</summary>
    /// <param name="path">An absolute path.</param>
    public static string Of(string path) =>
        Resolved(path) ?? (Path.GetDirectoryName(path) is { } parent ? Path.Combine(Of(parent), Path.GetFileName(path)) : path);

    private static string? Resolved(string path)
    {
        Span<byte> found = stackalloc byte[PathMax];
        return Realpath(path, ref MemoryMarshal.GetReference(found)) == 0 ? null : Encoding.UTF8.GetString(found[..found.IndexOf((byte)0)]);
    }

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Realpath(string path, ref byte resolved);
}
