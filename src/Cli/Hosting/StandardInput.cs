namespace Harmony.Fleet.Cli.Hosting;

/// <summary>
/// The process' stdin as the kernel gives it. .NET's own reads a terminal key by key, and switches it to other keys for that (<c>ESC[?1h ESC=</c>)
/// without ever switching it back.
/// </summary>
internal sealed class StandardInput : Stream
{
    private const int Handle = 0;

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
    public override int Read(Span<byte> buffer) => Math.Max(0, Descriptor.Read(Handle, buffer)); // Where it is closed, or its terminal is, nothing comes any more.

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
}
