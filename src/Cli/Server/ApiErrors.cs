using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Server;

/// <summary>What people are told when the operator refuses, or does not answer.</summary>
internal static class ApiErrors
{
    private const int MaxMessage = 2000;

    /// <summary>The API answered with an error.</summary>
    public static Fault Refused(string server, HttpStatusCode code, ReadOnlySpan<byte> body)
    {
        var status = Parse(body);
        if (code == HttpStatusCode.NotFound && Beneath(server) is { } path && status?.Message.Contains($" {path}/", StringComparison.Ordinal) == true)
        {
            return new Fault(FaultKind.NotFound, $"there is no API beneath {server}", $"leave out {path}: --server takes http://host:port");
        }

        return new Fault(Kind(code, status is not null), Message(server, code, status)) { Reason = Reason(code, status) };
    }

    /// <summary>An ERROR line of a watch.</summary>
    public static Fault Watch(string server, JsonElement status) =>
        status.Deserialize(ContractsJson.Api.ApiStatus) is { } parsed
            ? new Fault(Kind((HttpStatusCode)parsed.Code, told: true), Message(server, (HttpStatusCode)parsed.Code, parsed)) { Reason = Reason((HttpStatusCode)parsed.Code, parsed) }
            : NotUnderstood(server);

    /// <summary>Nobody answered, or the connection broke.</summary>
    /// <param name="server">The server, as people name it.</param>
    /// <param name="exception">What was thrown.</param>
    /// <param name="status">The command line that shows how the fleet is, where it is one of this machine.</param>
    public static Fault Broken(string server, Exception exception, string? status = null) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            Fault.Unreachable($"no machine of the name in {server} is known", "check --server"),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } plain when Innermost(plain).Contains("frame size", StringComparison.Ordinal) =>
            Fault.Unreachable($"what answers at {server} speaks no TLS", $"name it as {server.Replace("https://", "http://", StringComparison.Ordinal)}, or by another port"),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } secure =>
            Fault.Unreachable($"no trusted connection to {server} ({Innermost(secure)})", "check its certificate"),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => Fault.Permanent($"the answer of {server} is too large", "ask for less: one of them by its name, or some by --selector"),
        _ when Socket(exception) is { } socket => Unconnected(server, socket, status),
        _ => Fault.Unreachable($"the connection to {server} broke", "try again"),
    };

    /// <summary>It was reached, and there was no answer in time.</summary>
    public static Fault Silent(string server, TimeSpan limit, string? status = null) =>
        Fault.Unreachable($"{server} did not answer within {limit.TotalSeconds:0} s", Advice(status, "try again, or see what its log says"));

    /// <summary>It was reached, and there was no answer for as long as somebody waits.</summary>
    public static Fault StillSilent(string server, string? status) => new(FaultKind.TimedOut, $"{server} does not answer", Advice(status, "see what its log says"));

    /// <summary>It was not reached in time: something on the way drops what is sent.</summary>
    public static Fault Unreached(string server, TimeSpan limit, string? status = null) =>
        Fault.Unreachable($"there was no connection to {server} within {limit.TotalSeconds:0} s", Advice(status, "check the address, the network and its firewalls"));

    private static string Advice(string? status, string otherwise) => status is null ? otherwise : $"see how the fleet is with {status}";

    /// <summary>An answer that is not what the API says.</summary>
    public static Fault NotUnderstood(string server) =>
        Fault.Permanent($"{server} answers what this program does not understand", "it may be no operator, or one of another version");

    private static Fault Unconnected(string server, SocketException socket, string? status) => socket.SocketErrorCode switch
    {
        SocketError.AccessDenied => Fault.Unreachable($"{server} may not be opened by this user", "call as the user whose fleet it is"),
        SocketError.TimedOut => Fault.Unreachable($"{server} did not answer in time", Advice(status, "check the address and the network")),
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => Fault.Unreachable($"there is no way to {server}", "check the address and the network"),
        SocketError.ConnectionReset => Fault.Unreachable($"the connection to {server} broke", "try again"),
        _ => Fault.Unreachable($"nobody answers at {server}", Advice(status, "see whether it runs there, or name another one with --server")),
    };

    /// <summary>The path in a server's URL; null where there is none.</summary>
    private static string? Beneath(string server) => Uri.TryCreate(server, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.AbsolutePath.Length > 1 ? url.AbsolutePath : null;

    private static SocketException? Socket(Exception? exception)
    {
        while (exception is not null and not SocketException)
        {
            exception = exception.InnerException;
        }

        return exception as SocketException;
    }

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception.Message.TrimEnd('.');
    }

    private static ApiStatus? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ContractsJson.Api.ApiStatus) is { Kind: "Status" } status ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static FaultKind Kind(HttpStatusCode code, bool told) => code switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge => FaultKind.Invalid,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => FaultKind.NotAllowed,
        HttpStatusCode.NotFound when told => FaultKind.NotFound,
        HttpStatusCode.Conflict => FaultKind.Conflict,
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => FaultKind.Unreachable,

        // Told by the operator it means that a device, or what stands on the bus, said no; else a proxy found no operator.
        HttpStatusCode.BadGateway => told ? FaultKind.Permanent : FaultKind.Unreachable,
        _ => FaultKind.Permanent,
    };

    private static string Reason(HttpStatusCode code, ApiStatus? status) =>
        status is { Reason.Length: > 0 } ? status.Reason : code == HttpStatusCode.Gone ? StatusReasons.Expired : string.Empty;

    private static string Message(string server, HttpStatusCode code, ApiStatus? status) => (code, status?.Message) switch
    {
        (HttpStatusCode.Unauthorized, _) => $"{server} does not take this token: name the right one with --token-file",
        (_, { Length: > 0 and <= MaxMessage } told) => Prose.Inner(told.TrimEnd('.')),
        (_, { Length: > MaxMessage } told) => Prose.Inner(told[..MaxMessage]),
        (HttpStatusCode.NotFound, _) => $"{server} does not know this request: it may be no operator, or one of another version",
        _ => $"{server} answers {(int)code}",
    };
}
