using System.Security.Cryptography;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Keeps a session with one of the servers: opens it, tells it of all subscriptions, and when it ends waits and opens the next.</summary>
internal sealed partial class SessionLoop : IAsyncDisposable
{
    /// <summary>How often the same reason is told: a device may be offline for weeks, and its log lies on a card that wears out.</summary>
    private static readonly TimeSpan LogInterval = TimeSpan.FromHours(1);

    private readonly NatsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SubscriptionTable _subscriptions;
    private readonly SessionOpener _opener;
    private readonly BackOffSequence _backOff;
    private readonly BackOffSequence _crowdBackOff;
    private readonly Broadcast<LinkState> _links = new();
    private readonly LogThrottle _complaints = new(LogInterval);
    private readonly LogThrottle _notices = new(LogInterval);
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private Session? _current;
    private LinkState _link = new(false, 0, "not connected yet");
    private string _lastFailure = string.Empty;
    private bool _isBusy;
    private int _started;
    private int _disposed;

    public SessionLoop(NatsOptions options, TimeProvider time, ILogger logger, SubscriptionTable subscriptions)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _subscriptions = subscriptions;
        _opener = new(options, time, subscriptions, Notice);
        var random = new Random(options.JitterSeed ?? RandomNumberGenerator.GetInt32(int.MaxValue));
        _backOff = new(new BackOff(options.ReconnectMin, options.ReconnectCap), random);
        _crowdBackOff = new(new BackOff(options.ReconnectCap * 2, options.BusyCap ?? options.ReconnectCap), random);
    }

    /// <summary>The session, while the link is up.</summary>
    public Session? Current => Volatile.Read(ref _current);

    /// <summary>The state of the link.</summary>
    public LinkState Link => Volatile.Read(ref _link);

    /// <summary>Tries each server once; then keeps what it has.</summary>
    /// <exception cref="NatsConnectException">No one succeeded. Nothing goes on in the background; it may be called again.</exception>
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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (Current is { } session)
        {
            // What is still to be sent has its time; what is left is lost, as with any publish that nobody acknowledged.
            await session.FlushAsync(_options.DisposeWait, CancellationToken.None);
        }

        await _stop.CancelAsync();
        await _run;
        SetLink(Link with { IsUp = false, Detail = "disposed" });
        _subscriptions.End();
        _links.End();
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
            await TakeDownAsync(session, "disposed");
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
            Failed(failure.Message, isBusy: failure.Kind == ConnectFailure.Busy);
            return null;
        }
        catch (Exception failure)
        {
            // The loop must outlive whatever a connect throws: a device that stops trying is lost.
            if (Admits(_complaints, $"bug: {failure.Message}"))
            {
                LogBug(failure);
            }

            Failed(failure.Message);
            return null;
        }
    }

    private Session Up(Session session)
    {
        _complaints.Reset();
        Volatile.Write(ref _current, session);
        var (connects, server) = (Link.Connects + 1, session.Connection.ServerInfo);
        SetLink(new(true, connects, $"{session.Server} (nats-server {server?.Version})"));
        LogUp(session.Server, server?.Version, server?.ClientId, connects);
        return session;
    }

    private async Task ServeAsync(Session session)
    {
        var upSince = _time.GetTimestamp();
        await using var stopped = _stop.Token.Register(() => session.End("disposed"));
        if (_options.Servers.Length > 1 && await Task.WhenAny(session.Ended, session.LameDuck.Task) == session.LameDuck.Task)
        {
            LogLameDuck(session.Server);
            await session.FlushAsync(_options.DisposeWait, CancellationToken.None);
            session.End("the server is going away");
        }

        await TakeDownAsync(session, await session.Ended);
        if (_time.GetElapsedTime(upSince) >= _options.ReconnectCap)
        {
            _backOff.Reset();
            _crowdBackOff.Reset();
        }
    }

    private async Task TakeDownAsync(Session session, string reason)
    {
        Volatile.Write(ref _current, null);
        _subscriptions.Detach();
        if (!_stop.IsCancellationRequested)
        {
            LogDown(session.Server, reason);
            Admits(_complaints, reason); // Told.
            Failed(reason);
        }

        await session.DisposeAsync();
    }

    private void Failed(string reason, bool isBusy = false)
    {
        (_lastFailure, _isBusy) = (reason, isBusy);
        SetLink(new(false, Link.Connects, reason));
    }

    private async Task PauseAsync()
    {
        var delay = (_isBusy && _options.BusyCap is not null ? _crowdBackOff : _backOff).Next();
        if (!_stop.IsCancellationRequested && Admits(_complaints, _lastFailure))
        {
            LogRetry(delay, _lastFailure);
        }

        await Task.Delay(delay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Notice(string message)
    {
        if (Admits(_notices, message))
        {
            LogNotice(message);
        }
    }

    private bool Admits(LogThrottle throttle, string text) => throttle.Admits(text, _time.GetElapsedTime(0));

    private void SetLink(LinkState link)
    {
        Volatile.Write(ref _link, link);
        _links.Publish(link);
    }
}
