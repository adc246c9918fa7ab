namespace Harmony.Fleet.Tests.Adapters.Podman.Fixtures;

/// <summary>Gives no more than a few bytes at a time, as sockets may.</summary>
internal sealed class SlowStream(byte[] bytes, int block) : MemoryStream(bytes, writable: false)
{
    /// <summary>The largest buffer, in bytes, that somebody brought to read into.</summary>
    public int LargestBuffer { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        LargestBuffer = Math.Max(LargestBuffer, buffer.Length);
        return base.ReadAsync(buffer[..Math.Min(block, buffer.Length)], cancellationToken);
    }
}
