using System.Runtime.InteropServices;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>A stream that this process was given to write to. .NET's own go on as if somebody read, or fail in the middle of anything.</summary>
internal abstract class StandardStream(int handle) : Stream
{
    /// <summary>The terminal is gone.</summary>
    protected const int InputOutput = 5; // EIO

    /// <summary>The reader is gone.</summary>
    protected const int BrokenPipe = 32; // EPIPE

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

    /// <summary>Whether the terminal behind the stream was closed.</summary>
    public bool IsHungUp => Descriptor.IsGone(handle, milliseconds: 0);

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
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = Descriptor.Write(handle, buffer);
            if (written < 0)
            {
                Fail(Marshal.GetLastPInvokeError());
                return;
            }

            buffer = buffer[written..];
        }
    }

    /// <summary>Ends when whoever reads what is written to <paramref name="handle"/> is gone; or when it is cancelled.</summary>
    protected static Task GoneAsync(int handle, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            while (!cancellationToken.IsCancellationRequested && !Descriptor.IsGone(handle, CancellationCheckMilliseconds))
            {
                // It waited meanwhile.
            }
        },
        cancellationToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>What could not be written, and will not be: because of <paramref name="error"/>.</summary>
    protected abstract void Fail(int error);
}

/// <summary>The process' stdout: data, which is worth nothing where nobody reads it.</summary>
internal sealed class StandardOutput() : StandardStream(Handle)
{
    private const int Handle = 1;

    /// <summary>Ends when nobody reads any more, which a program that waits for news would notice only with the next of them; or when it is cancelled.</summary>
    public static Task ReaderGoneAsync(CancellationToken cancellationToken) => GoneAsync(Handle, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ReaderGoneException">Nobody reads any more.</exception>
    protected override void Fail(int error) => throw (error is BrokenPipe or InputOutput
        ? new ReaderGoneException()
        : new IOException($"stdout cannot be written ({Marshal.GetPInvokeErrorMessage(error)})"));
}

/// <summary>The process' stderr: prose, for which nothing fails. Work goes on, or is cleared up, whether or not somebody reads about it.</summary>
/// <param name="hungUp">Told when the terminal was closed.</param>
internal sealed class StandardError(Action hungUp) : StandardStream(2)
{
    /// <inheritdoc/>
    protected override void Fail(int error)
    {
        if (error == InputOutput)
        {
            hungUp();
        }
    }
}

/// <summary>Whoever read our stdout reads no more (<c>fleet get devices -w | head -n 1</c>): there is nothing left to do, and nothing failed.</summary>
internal sealed class ReaderGoneException() : IOException("Nobody reads stdout any more.");
