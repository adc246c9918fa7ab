using System.Runtime.InteropServices;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>The process' stdout, which tells when its reader is gone: .NET's own stream goes on as if somebody read.</summary>
internal sealed partial class StandardOutput : Stream
{
    private const int Handle = 1;
    private const int Interrupted = 4; // EINTR
    private const int TryAgain = 11; // EAGAIN: whoever gave it to us does not want to wait.
    private const int BrokenPipe = 32; // EPIPE
    private const short Writable = 4; // POLLOUT
    private const short Gone = 8 | 16 | 32; // POLLERR, POLLHUP, POLLNVAL
    private const int Forever = -1;
    private const int CancellationCheckMilliseconds = 200;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is held back.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="ReaderGoneException">Nobody reads any more.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = Write(Handle, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
            }
            else
            {
                Await(Marshal.GetLastPInvokeError());
            }
        }
    }

    /// <summary>Ends when nobody reads any more, which a program that waits for news would notice only with the next of them; or when it is cancelled.</summary>
    public static Task ReaderGoneAsync(CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            var waited = new Waited(Handle, 0, 0);
            while (!cancellationToken.IsCancellationRequested && (waited.Happened & Gone) == 0)
            {
                _ = Poll(ref waited, 1, CancellationCheckMilliseconds);
            }
        },
        cancellationToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Waits where writing may succeed later.</summary>
    private static void Await(int error)
    {
        switch (error)
        {
            case Interrupted:
                break;
            case TryAgain:
                var waited = new Waited(Handle, Writable, 0);
                _ = Poll(ref waited, 1, Forever);
                break;
            case BrokenPipe:
                throw new ReaderGoneException();
            default:
                throw new IOException($"stdout cannot be written ({Marshal.GetPInvokeErrorMessage(error)})");
        }
    }

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

/// <summary>Whoever read our stdout reads no more (<c>fleet get devices -w | head -n 1</c>): there is nothing left to do, and nothing failed.</summary>
internal sealed class ReaderGoneException() : IOException("Nobody reads stdout any more.");
