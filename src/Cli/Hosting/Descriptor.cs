using System.Runtime.InteropServices;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>The kernel's calls on what a process was given to read and write. A signal in between, and one that does not want to wait, are no errors.</summary>
internal static partial class Descriptor
{
    private const int Interrupted = 4; // EINTR
    private const int TryAgain = 11; // EAGAIN: whoever gave it to us does not want to wait.
    private const short Readable = 1; // POLLIN
    private const short Writable = 4; // POLLOUT
    private const short Gone = 8 | 16 | 32; // POLLERR, POLLHUP, POLLNVAL
    private const int Forever = -1;

    /// <summary>Reads what is there, and waits until something is.</summary>
    /// <returns>How much; 0 at the end, less for an error, which is the last one of the platform.</returns>
    public static int Read(int handle, Span<byte> buffer)
    {
        nint read;
        do
        {
            read = Read(handle, ref MemoryMarshal.GetReference(buffer), buffer.Length);
        }
        while (read < 0 && IsToBeTriedAgain(handle, Readable));
        return (int)read;
    }

    /// <summary>Writes what there is room for, and waits until there is some.</summary>
    /// <returns>How much; less than 0 for an error, which is the last one of the platform.</returns>
    public static int Write(int handle, ReadOnlySpan<byte> bytes)
    {
        nint written;
        do
        {
            written = Write(handle, ref MemoryMarshal.GetReference(bytes), bytes.Length);
        }
        while (written < 0 && IsToBeTriedAgain(handle, Writable));
        return (int)written;
    }

    /// <summary>Whether the other end is gone, or goes within the time.</summary>
    public static bool IsGone(int handle, int milliseconds)
    {
        var waited = new Waited(handle, 0, 0);
        return Poll(ref waited, 1, milliseconds) > 0 && (waited.Happened & Gone) != 0;
    }

    private static bool IsToBeTriedAgain(int handle, short events)
    {
        switch (Marshal.GetLastPInvokeError())
        {
            case Interrupted:
                return true;
            case TryAgain:
                var waited = new Waited(handle, events, 0);
                _ = Poll(ref waited, 1, Forever);
                return true;
            default:
                return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(int handle, ref byte bytes, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(int handle, ref byte bytes, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref Waited waited, nuint count, int milliseconds);

    /// <summary>The kernel's <c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Waited(int Handle, short Events, short Happened);
}
