using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Harmony.Fleet.Deploy.Topologies;

/// <summary>TCP ports of this machine that nobody listens on.</summary>
public static class FreePorts
{
    // Below the range from which the kernel takes the local ports of outgoing connections.
    private const int First = 20_000;
    private const int Last = 32_000;
    private const int Attempts = 100;

    /// <summary>Whether nobody listens on <paramref name="port"/> of 127.0.0.1.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A free port that <paramref name="isTaken"/> does not refuse; null where none was found.</summary>
    public static int? Find(Func<int, bool> isTaken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var candidate = RandomNumberGenerator.GetInt32(First, Last);
            if (!isTaken(candidate) && IsFree(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
