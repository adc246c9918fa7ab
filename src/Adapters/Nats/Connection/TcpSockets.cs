using System.Net.Sockets;
using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>What a session talks through.</summary>
internal interface IServerSocket : INatsSocketConnection, IDisposable
{
    /// <summary>The TCP socket below; null before there is one.</summary>
    Socket? Tcp { get; }
}

/// <summary>The TCP sockets below sessions.</summary>
internal static class TcpSockets
{
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;

    /// <summary>One that is yet to be connected.</summary>
    public static Socket New() => new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Has the kernel notice a peer that is gone: without it the kernel goes on for a quarter of an hour to send to it.</summary>
    public static void Limit(Socket socket, TimeSpan unacknowledged)
    {
        if (unacknowledged > TimeSpan.Zero)
        {
            socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes((int)unacknowledged.TotalMilliseconds));
        }
    }

    /// <summary>How long the kernel waits for sent bytes to be acknowledged, as it says itself.</summary>
    public static TimeSpan LimitOf(Socket socket)
    {
        Span<byte> milliseconds = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(TcpLevel, TcpUserTimeout, milliseconds);
        return TimeSpan.FromMilliseconds(BitConverter.ToInt32(milliseconds));
    }

    /// <summary>What was not sent yet is not sent any more when it is closed: nobody waits for its answer.</summary>
    public static void DropUnsent(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Closed already: there is nothing left to drop.
        }
    }
}
