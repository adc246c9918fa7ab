namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>What was received and not read yet, in one array that grows only for a frame that is larger, and shrinks again after it.</summary>
internal sealed class ReceiveBuffer
{
    private const int Initial = 64 * 1024;

    private byte[] _bytes = new byte[Initial];
    private int _start;
    private int _end;

    /// <summary>What is not read yet.</summary>
    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>The bytes held for it.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>Room to receive into; never empty.</summary>
    public Memory<byte> Room => _bytes.AsMemory(_end);

    /// <summary>So much was received into the room.</summary>
    public void Received(int count) => _end += count;

    /// <summary>So much was read.</summary>
    public void Consume(int count) => _start += count;

    /// <summary>Makes room for more of a frame that will take <paramref name="size"/> bytes, 0 when that is not known yet.</summary>
    public void MakeRoom(int size)
    {
        var unread = _end - _start;
        if (unread == 0 && _bytes.Length > Initial && size <= Initial)
        {
            _bytes = new byte[Initial];
        }
        else if (size > _bytes.Length || unread == _bytes.Length)
        {
            Move(new byte[Math.Max(size, unread == _bytes.Length ? _bytes.Length * 2 : _bytes.Length)], unread);
            return;
        }
        else if (_start > 0 && (unread == 0 || _start + size > _bytes.Length || _end == _bytes.Length))
        {
            Move(_bytes, unread);
            return;
        }
        else
        {
            return;
        }

        _start = _end = 0;
    }

    private void Move(byte[] target, int unread)
    {
        _bytes.AsSpan(_start, unread).CopyTo(target);
        _bytes = target;
        _start = 0;
        _end = unread;
    }
}
