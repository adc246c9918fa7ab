using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>Ports that nobody listens on. None is of those that the kernel gives to outgoing connections: such a one may be taken, or connect to itself.</summary>
public static class FreePort
{
    private const int First = 10_000;
    private const int Last = 20_000;

    /// <summary>A free TCP port of 127.0.0.1.</summary>
    public static int Next()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(First, Last));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody listens there.
            }
        }
    }
}
