namespace Harmony.Fleet.Tests.Adapters.Podman.Fixtures;

/// <summary>Gives no more than a few bytes at a time, as sockets may.</summary>
internal sealed class SlowStream(byte[] bytes, int block) : MemoryStream(bytes, writable: false)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(block, buffer.Length)], cancellationToken);
}
