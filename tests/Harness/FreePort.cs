using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>Ports that nobody listens on. None is of those that the kernel gives to outgoing connections: such a one may be taken, or connect to itself.</summary>
public static class FreePort
{
    private const int First = 10_000;
    private const int Last = 20_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>A free TCP port of 127.0.0.1.</summary>
    public static int Next()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(First, Last));
            try
            {
                listener.Start();
                var port = ((IPEndPoint)listener.LocalEndpoint).Port;
                if (IsReached(port))
                {
                    return port;
                }
            }
            catch (SocketException)
            {
                // Somebody listens there.
            }
        }
    }

    /// <summary>Whether connections come here: those to a port of a container that was killed may still be led to where it was.</summary>
    private static bool IsReached(int port)
    {
        using var client = new TcpClient();
        try
        {
            return client.ConnectAsync(IPAddress.Loopback, port).Wait(Patience);
        }
        catch (AggregateException)
        {
            return false;
        }
    }
}
