using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Makes one sentence and a kind out of what the library, or the socket below it, threw while it connected.</summary>
internal static class ConnectFailureReader
{
    /// <summary>What to tell.</summary>
    /// <param name="server">The server that was tried.</param>
    /// <param name="login">As whom.</param>
    /// <param name="failure">What was thrown; the reason is often further inside.</param>
    /// <param name="isTaken">Whether the server took the connection before.</param>
    public static NatsConnectException Read(Uri server, object login, Exception failure, bool isTaken) =>
        Inside(failure).Select(one => Known(server, login, one, isTaken)).FirstOrDefault(known => known is not null)
        ?? new NatsConnectException($"The NATS server {server} closed the connection before the login was over.", failure);

    private static IEnumerable<Exception> Inside(Exception failure)
    {
        for (var one = failure; one is not null; one = one.InnerException)
        {
            yield return one;
        }
    }

    private static NatsConnectException? Known(Uri server, object login, Exception failure, bool isTaken) => failure switch
    {
        NatsConnectException known => known,
        AuthenticationException => new(ConnectFailure.Tls, $"TLS with the NATS server {server} failed: {failure.InnerException?.Message ?? failure.Message}", failure),
        NatsServerException => Refused(server, login, failure.Message[(failure.Message.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(), failure),
        NatsProtocolViolationException => new(ConnectFailure.Protocol, $"What answers at {server} is no NATS server: {failure.Message}.", failure),
        SocketException or WebSocketException { InnerException: null } => new($"The NATS server {server} cannot be reached: {failure.Message}.", failure),
        TimeoutException => new(isTaken ? ConnectFailure.Busy : ConnectFailure.Unreachable, $"The NATS server {server} did not answer in time.", failure),
        NatsException when failure.Message.Contains("does not support TLS", StringComparison.Ordinal) =>
            new(ConnectFailure.Tls, $"The NATS server {server} does not offer TLS, which is demanded here.", failure),
        NatsException when failure.Message.Contains("TLS authentication timed out", StringComparison.Ordinal) => new(ConnectFailure.Tls, $"TLS with the NATS server {server} took too long.", failure),
        _ => null,
    };

    private static NatsConnectException Refused(Uri server, object login, string words, Exception failure) => words switch
    {
        _ when words.Contains("maximum connections", StringComparison.OrdinalIgnoreCase) => new(ConnectFailure.Busy, $"The NATS server {server} turned us away: {words}.", failure),
        _ when words.Contains("Authentication Timeout", StringComparison.OrdinalIgnoreCase) =>
            new(ConnectFailure.Busy, $"The NATS server {server} did not see the login ({login}) in time.", failure),
        _ when words.StartsWith("Auth", StringComparison.OrdinalIgnoreCase) || words.Contains("Authentication", StringComparison.OrdinalIgnoreCase) =>
            new(ConnectFailure.Refused, $"The NATS server {server} did not accept the login ({login}): {words}.", failure),
        _ when words.Contains("TLS Required", StringComparison.OrdinalIgnoreCase) => new(ConnectFailure.Tls, $"The NATS server {server} demands TLS.", failure),
        _ => new($"The NATS server {server} turned us away: {words}.", failure),
    };
}
