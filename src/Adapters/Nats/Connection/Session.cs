using System.Text;
using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>One life of a connection: from a finished handshake to the first thing that goes wrong. Three loops: receive, flush, ping.</summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly Established _established;
    private readonly IFrameHandler _handler;
    private readonly NatsOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<SessionEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _lameDuck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loops = Task.CompletedTask;

    public Session(Established established, OutgoingBuffer outgoing, IFrameHandler handler, NatsOptions options, TimeProvider time)
    {
        _established = established;
        _handler = handler;
        _options = options;
        _time = time;
        Outgoing = outgoing;
        outgoing.Overrun = () => End(new("the server takes nothing any more: the outgoing buffer is overrun"));
    }

    /// <summary>What is to be sent.</summary>
    public OutgoingBuffer Outgoing { get; }

    /// <summary>The server's address.</summary>
    public Uri Server => _established.Transport.Server;

    /// <summary>What the server said of itself in the handshake.</summary>
    public ServerInfo Info => _established.Info;

    /// <summary>Ends with the session, and says why.</summary>
    public Task<SessionEnd> Ended => _ended.Task;

    /// <summary>Ends when the server says that it is going away.</summary>
    public Task LameDuck => _lameDuck.Task;

    /// <summary>Starts the loops.</summary>
    public void Start()
    {
        if (Info.LameDuck)
        {
            _lameDuck.TrySetResult();
        }

        _loops = Task.WhenAll(GuardAsync(ReceiveAsync), GuardAsync(FlushAsync), GuardAsync(KeepAliveAsync));
    }

    /// <summary>Ends the session; the first reason counts.</summary>
    public void End(SessionEnd end)
    {
        if (_ended.TrySetResult(end))
        {
            Outgoing.Close();
            _stop.Cancel();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        End(new("disposed"));
        _established.Transport.Dispose();
        await _loops;
        _stop.Dispose();
    }

    /// <summary>Whatever a loop meets ends the session, and nothing else.</summary>
    private async Task GuardAsync(Func<CancellationToken, Task<SessionEnd>> loop)
    {
        try
        {
            // Off the caller's stack, whatever the loop does first.
            await Task.Yield();
            End(await loop(_stop.Token));
        }
        catch (Exception failure)
        {
            // Broken I/O comes in many types (sockets, TLS, a disposed stream); each of them, and any bug of a handler, means: connect anew.
            End(new($"the connection broke: {failure.Message}"));
        }
    }

    private async Task<SessionEnd> ReceiveAsync(CancellationToken cancellationToken)
    {
        var (stream, received) = (_established.Transport.Stream, _established.Received);
        while (true)
        {
            if (Drain(received, out var size) is { } end)
            {
                return end;
            }

            received.MakeRoom(size);
            var count = await stream.ReadAsync(received.Room, cancellationToken);
            if (count == 0)
            {
                return new("the server closed the connection");
            }

            received.Received(count);
        }
    }

    private async Task<SessionEnd> FlushAsync(CancellationToken cancellationToken)
    {
        var stream = _established.Transport.Stream;
        while (await Outgoing.WaitAsync())
        {
            await stream.WriteAsync(Outgoing.Take(), cancellationToken);
            if (Outgoing.Flushed())
            {
                // This may be a publisher's thread: it sends what is its own, and not what others go on to bring.
                await Task.Yield();
            }
        }

        return new("closed");
    }

    private async Task<SessionEnd> KeepAliveAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_options.PingInterval, _time);
        var unanswered = new Queue<Task<bool>>();
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            // Only these pings count: a crowd of flushes that has just been sent is no sign of a dead peer.
            while (unanswered.TryPeek(out var oldest) && oldest.IsCompleted)
            {
                _ = unanswered.Dequeue();
            }

            if (unanswered.Count >= _options.MaxPingsOut)
            {
                return new($"the server left {_options.MaxPingsOut} pings without answer");
            }

            unanswered.Enqueue(Outgoing.PingAsync());
        }

        return new("closed");
    }

    /// <summary>Handles every whole frame of the buffer; an end when one of them is the end, else the size of the frame that has only begun.</summary>
    private SessionEnd? Drain(ReceiveBuffer received, out int size)
    {
        while (true)
        {
            var status = FrameParser.TryRead(received.Unread, _established.Limits, out var frame, out size);
            if (status == FrameStatus.Incomplete)
            {
                return null;
            }

            if ((status == FrameStatus.Malformed ? new("the server broke the protocol") : Handle(frame)) is { } end)
            {
                return end;
            }

            received.Consume(size);
        }
    }

    private SessionEnd? Handle(in Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Message:
                _handler.OnMessage(frame);
                return null;
            case FrameKind.Ping:
                Outgoing.TryPong();
                return null;
            case FrameKind.Pong:
                return Outgoing.TakePong() ? null : new("the server answered a ping that was never sent");
            case FrameKind.Info:
                return HandleInfo(ServerInfo.TryParse(frame.Payload));
            case FrameKind.Error:
                return HandleError(ServerError.Parse(Encoding.UTF8.GetString(frame.Payload)));
            default:
                return null;
        }
    }

    private SessionEnd? HandleInfo(ServerInfo? info)
    {
        if (info is null)
        {
            return new("the server sent an INFO that cannot be read");
        }

        Outgoing.MaxPayload = info.MaxPayload;
        _handler.OnInfo(info);
        if (info.LameDuck)
        {
            _lameDuck.TrySetResult();
        }

        return null;
    }

    private SessionEnd? HandleError(ServerError error)
    {
        if (!error.IsHarmless)
        {
            return new($"the server said: {error.Message}", error);
        }

        _handler.OnError(error);
        return null;
    }
}
