using System.Net;
using System.Net.Sockets;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>Ports that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>A free TCP port of 127.0.0.1.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
