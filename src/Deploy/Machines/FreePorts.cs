using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Deploy.Machines;

/// <summary>TCP ports of this machine that nobody listens on.</summary>
public static class FreePorts
{
    // Below the range from which the kernel takes the local ports of outgoing connections.
    private const int First = 20_000;
    private const int Last = 32_000;
    private const int Attempts = 100;

    /// <summary>Whether nobody listens on <paramref name="port"/> of 127.0.0.1, and this user may.</summary>
    public static bool IsFree(int port) => Try(port) == SocketError.Success;

    /// <summary>Listens on <paramref name="port"/> of 127.0.0.1 for a moment.</summary>
    /// <returns>Success, or why that is not possible.</returns>
    public static SocketError Try(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }

    /// <summary>What to say of a port that was asked for with <paramref name="option"/> and cannot be had.</summary>
    public static Fault Explain(int port, SocketError error, string option) => error == SocketError.AccessDenied
        ? Fault.Permanent($"this user may not listen on port {port}", $"choose one above 1023 with {option}, or run as root")
        : new(FaultKind.Conflict, InUse(port, PortListener.Of(port)), $"end what listens there, or leave {option} out to have a free one chosen");

    /// <summary>That <paramref name="port"/> is in use, by <paramref name="holder"/> where that is known.</summary>
    public static string InUse(int port, PortListener? holder) => $"port {port} of 127.0.0.1 is in use{(holder is null ? string.Empty : $" by {holder}")}";

    /// <summary>Why one of the ports that were asked for, each with its option, cannot be had; null where all can.</summary>
    public static Fault? Refusal(IEnumerable<(int? Port, string Option)> wanted) => wanted
        .Select(pair => pair.Port is { } port && Try(port) is var error and not SocketError.Success ? Explain(port, error, pair.Option) : null)
        .FirstOrDefault(fault => fault is not null);

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
