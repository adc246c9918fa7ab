using System.Runtime.InteropServices;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>
/// The process' stdin as the kernel gives it. .NET's own reads a terminal key by key, and switches it to other keys for that (<c>ESC[?1h ESC=</c>)
/// without ever switching it back.
/// </summary>
internal sealed partial class StandardInput : Stream
{
    private const int Handle = 0;
    private const int Interrupted = 4; // EINTR
    private const int TryAgain = 11; // EAGAIN: whoever gave it to us does not want to wait.
    private const short Readable = 1; // POLLIN
    private const int Forever = -1;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            var read = (int)Read(Handle, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            if (read >= 0)
            {
                return read;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    break;
                case TryAgain:
                    var waited = new Waited(Handle, Readable, 0);
                    _ = Poll(ref waited, 1, Forever);
                    break;
                default:
                    // Closed, or its terminal is: nothing comes any more.
                    return 0;
            }
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(int handle, ref byte bytes, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref Waited waited, nuint count, int milliseconds);

    /// <summary>The kernel's <c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Waited(int Handle, short Events, short Happened);
}
