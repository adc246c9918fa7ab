using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Tells each of several readers what happens; for a slow one only the newest is kept.</summary>
/// <typeparam name="T">What happens.</typeparam>
internal sealed class Broadcast<T>
    where T : class
{
    private readonly Lock _gate = new();
    private readonly List<Channel<T>> _readers = [];
    private bool _ended;

    /// <summary>Tells all present readers.</summary>
    public void Publish(T value)
    {
        lock (_gate)
        {
            foreach (var reader in _readers)
            {
                reader.Writer.TryWrite(value);
            }
        }
    }

    /// <summary>Ends every reader, present and future.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var reader in _readers)
            {
                reader.Writer.TryComplete();
            }
        }
    }

    /// <summary>What <paramref name="first"/> tells, and what happens from now on.</summary>
    public async IAsyncEnumerable<T> ReadAsync(Func<T> first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Open(first);
        try
        {
            await foreach (var value in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return value;
            }
        }
        finally
        {
            lock (_gate)
            {
                _readers.Remove(channel);
            }
        }
    }

    private Channel<T> Open(Func<T> first)
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_gate)
        {
            channel.Writer.TryWrite(first());
            if (_ended)
            {
                channel.Writer.TryComplete();
            }

            _readers.Add(channel);
        }

        return channel;
    }
}
