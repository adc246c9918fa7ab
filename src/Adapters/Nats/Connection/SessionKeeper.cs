using System.Security.Cryptography;
using Harmony.Fleet.Adapters.Nats.Protocol;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Keeps a session with one of the servers: opens it, tells it of all subscriptions, and when it ends waits and opens the next.</summary>
internal sealed partial class SessionKeeper : IFrameHandler, IAsyncDisposable
{
    private readonly NatsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RequestInbox _inbox;
    private readonly SubscriptionTable _subscriptions;
    private readonly SessionOpener _opener;
    private readonly Backoff _backoff;
    private readonly Broadcast<LinkState> _links = new(1);
    private readonly Broadcast<ServerNotice> _notices = new(64);
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private Session? _current;
    private LinkState _link = new(false, 0, "not started");
    private ServerInfo? _server;
    private string _lastFailure = string.Empty;
    private int _started;
    private int _disposed;

    public SessionKeeper(NatsOptions options, TimeProvider time, ILogger logger, RequestInbox inbox, SubscriptionTable subscriptions)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _inbox = inbox;
        _subscriptions = subscriptions;
        _opener = new(options, time, inbox, subscriptions, this);
        _backoff = new(options.ReconnectMin, options.ReconnectCap, new Random(options.JitterSeed ?? RandomNumberGenerator.GetInt32(int.MaxValue)));
    }

    /// <summary>The session, while the link is up.</summary>
    public Session? Current => Volatile.Read(ref _current);

    /// <summary>The state of the link.</summary>
    public LinkState Link => Volatile.Read(ref _link);

    /// <summary>What the server last said of itself.</summary>
    public ServerInfo? Server => Volatile.Read(ref _server);

    /// <summary>Tries each server once; then keeps what it has.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        Claim();
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        try
        {
            _run = RunAsync(Up(await _opener.OpenAnyAsync(limited.Token)));
        }
        catch (Exception failure) when (failure is NatsConnectException or OperationCanceledException)
        {
            SetLink(new(false, 0, failure.Message));
            Volatile.Write(ref _started, 0);
            throw;
        }
    }

    /// <summary>Connects in the background, for ever.</summary>
    public void Start()
    {
        Claim();
        _run = RunAsync(null);
    }

    /// <summary>The states of the link, the present one first.</summary>
    public IAsyncEnumerable<LinkState> LinkChangesAsync(CancellationToken cancellationToken) => _links.ReadAsync(() => Link, cancellationToken);

    /// <summary>What the server complains about from now on.</summary>
    public IAsyncEnumerable<ServerNotice> NoticesAsync(CancellationToken cancellationToken) => _notices.ReadAsync(null, cancellationToken);

    /// <inheritdoc/>
    public void OnMessage(in Frame frame)
    {
        if (frame.Sid == RequestInbox.Sid)
        {
            _inbox.Deliver(frame);
        }
        else
        {
            _subscriptions.Deliver(frame);
        }
    }

    /// <inheritdoc/>
    public void OnInfo(ServerInfo info) => Volatile.Write(ref _server, info);

    /// <inheritdoc/>
    public void OnError(ServerError error)
    {
        LogNotice(error.Message);
        if (error is { Kind: ServerErrorKind.PublishDenied, Subject: { } published })
        {
            _inbox.Deny(published);
        }

        if (error is { Kind: ServerErrorKind.SubscribeDenied, Subject: { } subscribed })
        {
            _subscriptions.Refuse(subscribed, error.Message);
        }

        _notices.Publish(new(error.Kind, error.Subject, error.Message));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (Current is { } session)
        {
            await DrainAsync(session);
        }

        await _stop.CancelAsync();
        await _run;
        SetLink(Link with { IsUp = false, Detail = "disposed" });
        _inbox.FailAll(RequestStatus.LinkDown);
        _subscriptions.End();
        _links.End();
        _notices.End();
        _stop.Dispose();
    }

    private void Claim()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("The connection was started already.");
        }
    }

    private async Task RunAsync(Session? session)
    {
        await Task.Yield();
        session ??= await TryBringUpAsync();
        while (!_stop.IsCancellationRequested)
        {
            if (session is not null)
            {
                await ServeAsync(session);
            }

            await PauseAsync();
            session = await TryBringUpAsync();
        }

        if (session is not null)
        {
            await TakeDownAsync(session, new("disposed"));
        }
    }

    private async Task<Session?> TryBringUpAsync()
    {
        try
        {
            return _stop.IsCancellationRequested ? null : Up(await _opener.OpenAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return null;
        }
        catch (NatsConnectException failure)
        {
            Failed(failure.Message);
            return null;
        }
        catch (Exception failure)
        {
            // The loop must outlive whatever a connect throws: a device that stops trying is lost.
            LogBug(failure);
            Failed(failure.Message);
            return null;
        }
    }

    private Session Up(Session session)
    {
        Volatile.Write(ref _server, session.Info);
        Volatile.Write(ref _current, session);
        var link = Link;
        SetLink(new(true, link.Connects + 1, $"{session.Server} (nats-server {session.Info.Version})"));
        LogUp(session.Server, session.Info.Version, session.Info.ClientId, link.Connects + 1);
        return session;
    }

    private async Task ServeAsync(Session session)
    {
        var upSince = _time.GetTimestamp();
        await using var stopped = _stop.Token.Register(() => session.End(new("disposed")));
        if (_options.Servers.Length > 1 && await Task.WhenAny(session.Ended, session.LameDuck) == session.LameDuck)
        {
            LogLameDuck(session.Server);
            await DrainAsync(session);
            session.End(new("the server is going away"));
        }

        await TakeDownAsync(session, await session.Ended);
        if (_time.GetElapsedTime(upSince) >= _options.ReconnectCap)
        {
            _backoff.Reset();
        }
    }

    private async Task TakeDownAsync(Session session, SessionEnd end)
    {
        session.End(end);
        Volatile.Write(ref _current, null);
        _subscriptions.Detach();
        _inbox.FailAll(RequestStatus.LinkDown);
        if (!_stop.IsCancellationRequested)
        {
            LogDown(session.Server, end.Reason);
            Failed(end.Reason);
        }

        await session.DisposeAsync();
    }

    private void Failed(string reason)
    {
        _lastFailure = reason;
        SetLink(new(false, Link.Connects, reason));
    }

    private async Task PauseAsync()
    {
        var delay = _backoff.Next();
        if (!_stop.IsCancellationRequested)
        {
            LogRetry(delay, _lastFailure);
        }

        await Task.Delay(delay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Gives what is still to be sent a short time.</summary>
    private async Task DrainAsync(Session session)
    {
        try
        {
            await session.Outgoing.PingAsync().WaitAsync(_options.DisposeWait, _time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // It had its time: what is left is lost, as with any publish that nobody acknowledged.
        }
    }

    private void SetLink(LinkState link)
    {
        Volatile.Write(ref _link, link);
        _links.Publish(link);
    }
}
