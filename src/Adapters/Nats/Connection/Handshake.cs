using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>From nothing to a server that knows us: TCP, INFO, TLS, CONNECT, PING, PONG.</summary>
internal sealed class Handshake(NatsOptions options, TimeProvider time)
{
    private readonly FrameLimits _limits = new(options.MaxControlLine, options.MaxControlLine * 16, options.MaxMessageBytes);

    /// <summary>Shakes hands with one server.</summary>
    /// <exception cref="NatsConnectException">It did not succeed.</exception>
    public async Task<Established> OpenAsync(Uri server, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Transport? transport = null;
        try
        {
            transport = await Transport.ConnectAsync(server, options.UnacknowledgedTimeout, limited.Token);
            var established = await GreetAsync(transport, limited.Token);
            transport = null;
            return established;
        }
        catch (Exception failure) when (Reason(failure, server, timeout.Token) is not null && !cancellationToken.IsCancellationRequested)
        {
            var kind = failure is AuthenticationException ? ConnectFailure.Tls : ConnectFailure.Unreachable;
            throw new NatsConnectException(kind, Reason(failure, server, timeout.Token)!, failure);
        }
        finally
        {
            transport?.Dispose();
        }
    }

    /// <summary>One sentence for what is known to happen; null for what is not, or tells itself.</summary>
    private static string? Reason(Exception failure, Uri server, CancellationToken timeout) => failure switch
    {
        OperationCanceledException when timeout.IsCancellationRequested => $"The NATS server {server} did not answer in time.",
        SocketException => $"The NATS server {server} cannot be reached: {failure.Message}.",
        AuthenticationException => $"TLS with the NATS server {server} failed: {failure.InnerException?.Message ?? failure.Message}",
        IOException => $"The NATS server {server} closed the connection: {failure.Message}.",
        _ => null,
    };

    private async Task<Established> GreetAsync(Transport transport, CancellationToken cancellationToken)
    {
        var received = new ReceiveBuffer();
        if (options.TlsFirst)
        {
            await transport.EncryptAsync(options.CaFile, cancellationToken);
        }

        var greeting = await ReadAsync(transport, received, cancellationToken);
        var info = greeting.Info ?? throw Strange(transport, "its first line is no INFO");
        if (!transport.IsEncrypted && WantsTls(transport.Server, info))
        {
            // Whatever came after INFO in the clear could be anybody's: it must not count as said under TLS.
            if (!received.Unread.IsEmpty)
            {
                throw Strange(transport, "it sent more than INFO before TLS");
            }

            await transport.EncryptAsync(options.CaFile, cancellationToken);
        }

        await SendConnectAsync(transport, info, cancellationToken);
        info = await AwaitWelcomeAsync(transport, received, info, cancellationToken);
        return new(transport, received, info, _limits);
    }

    private bool WantsTls(Uri server, ServerInfo info)
    {
        var demanded = options.RequireTls || options.CaFile is not null || string.Equals(server.Scheme, "tls", StringComparison.OrdinalIgnoreCase);
        if (demanded && !info.TlsRequired && !info.TlsAvailable)
        {
            throw new NatsConnectException(ConnectFailure.Tls, $"The NATS server {server} does not offer TLS, which is demanded here.");
        }

        return demanded || info.TlsRequired;
    }

    private async Task SendConnectAsync(Transport transport, ServerInfo info, CancellationToken cancellationToken)
    {
        var request = await LoginRequest.CreateAsync(options, info, transport.IsEncrypted, cancellationToken);
        var json = JsonSerializer.SerializeToUtf8Bytes(request, ProtocolJson.Default.ConnectRequest);
        byte[] bytes = [.. "CONNECT "u8, .. json, .. "\r\nPING\r\n"u8];
        try
        {
            await transport.Stream.WriteAsync(bytes, cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(json);
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private async Task<ServerInfo> AwaitWelcomeAsync(Transport transport, ReceiveBuffer received, ServerInfo info, CancellationToken cancellationToken)
    {
        while (true)
        {
            var greeting = await ReadAsync(transport, received, cancellationToken);
            switch (greeting.Kind)
            {
                case FrameKind.Pong:
                    return info;
                case FrameKind.Ping:
                    await transport.Stream.WriteAsync("PONG\r\n"u8.ToArray(), cancellationToken);
                    break;
                case FrameKind.Info:
                    info = greeting.Info!;
                    break;
                case FrameKind.Error:
                    throw Refused(transport, ServerError.Parse(greeting.Text));
                case FrameKind.Message:
                    throw Strange(transport, "it sent a message before the login was over");
            }
        }
    }

    private NatsConnectException Refused(Transport transport, ServerError error) => error switch
    {
        { IsAboutLogin: true } => new(ConnectFailure.Refused, $"The NATS server {transport.Server} did not accept the login ({options.Login}): {error.Message}."),
        { Kind: ServerErrorKind.TlsRequired } => new(ConnectFailure.Tls, $"The NATS server {transport.Server} demands TLS."),
        { Kind: ServerErrorKind.ProtocolViolation } => new(ConnectFailure.Protocol, $"The NATS server {transport.Server} did not understand us: {error.Message}."),
        _ => new($"The NATS server {transport.Server} turned us away: {error.Message}."),
    };

    private static NatsConnectException Strange(Transport transport, string what) =>
        new(ConnectFailure.Protocol, $"What answers at {transport.Server} is no NATS server: {what}.");

    private async Task<Greeting> ReadAsync(Transport transport, ReceiveBuffer received, CancellationToken cancellationToken)
    {
        while (true)
        {
            var status = Parse(transport, received, out var greeting, out var size);
            if (status == FrameStatus.Complete)
            {
                return greeting;
            }

            if (status == FrameStatus.Malformed)
            {
                throw Strange(transport, "it sent something else than the NATS protocol");
            }

            received.MakeRoom(size);
            var count = await transport.Stream.ReadAsync(received.Room, cancellationToken);
            received.Received(count > 0 ? count : throw new IOException("before the login was over"));
        }
    }

    private FrameStatus Parse(Transport transport, ReceiveBuffer received, out Greeting greeting, out int size)
    {
        greeting = default;
        var status = FrameParser.TryRead(received.Unread, _limits, out var frame, out size);
        if (status == FrameStatus.Complete)
        {
            var info = frame.Kind == FrameKind.Info ? ServerInfo.TryParse(frame.Payload) ?? throw Strange(transport, "its INFO cannot be read") : null;
            greeting = new(frame.Kind, info, frame.Kind == FrameKind.Error ? Encoding.UTF8.GetString(frame.Payload) : string.Empty);
            received.Consume(size);
        }

        return status;
    }

    /// <summary>A frame of the handshake, out of the buffer.</summary>
    private readonly record struct Greeting(FrameKind Kind, ServerInfo? Info, string Text);
}
