using System.Net;
using System.Net.Sockets;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>A NATS server that a test plays by hand, on a real socket.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, FreePort.Next());

    public FakeServer()
    {
        _listener.Start();
        Url = $"nats://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
    }

    public string Url { get; }

    /// <summary>Whether somebody has connected and was not accepted yet.</summary>
    public bool Pending => _listener.Pending();

    /// <summary>The next connection, before anything was said.</summary>
    public async Task<FakePeer> AcceptAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Links.Test);
        patience.CancelAfter(Links.Patience);
        return new(await _listener.AcceptSocketAsync(patience.Token));
    }

    /// <summary>The next connection, with a finished handshake.</summary>
    public async Task<FakePeer> WelcomeAsync(string info = "")
    {
        var peer = await AcceptAsync();
        await peer.WelcomeAsync(info);
        return peer;
    }

    public void Dispose() => _listener.Dispose();
}
