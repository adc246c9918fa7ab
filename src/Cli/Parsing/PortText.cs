using System.Globalization;
using System.Net;
using Harmony.Fleet.Cli.Outcomes;
using Harmony.Fleet.Contracts.Scores;

namespace Harmony.Fleet.Cli.Parsing;

/// <summary>A published port as <c>--port</c> takes it: <c>[IP:]HOST:CONTAINER[/tcp|/udp]</c>.</summary>
internal static class PortText
{
    private const string Rule = "write HOST:CONTAINER, for example 8080:80, 127.0.0.1:8080:80 or 53:53/udp";

    /// <summary>Parses <paramref name="text"/>.</summary>
    public static Outcome<ContainerPort> Parse(string text)
    {
        var slash = text.LastIndexOf('/');
        var protocol = slash < 0 ? string.Empty : text[(slash + 1)..].ToUpperInvariant();
        var rest = slash < 0 ? text : text[..slash];
        var inner = rest.LastIndexOf(':');
        var outer = inner < 0 ? -1 : rest.LastIndexOf(':', Math.Max(0, inner - 1), Math.Max(0, inner));
        var address = outer < 0 ? null : rest[..outer];
        if (protocol is not ("" or "TCP" or "UDP") || (slash >= 0 && protocol.Length == 0) || inner < 1
            || !TryPort(rest[(outer + 1)..inner], out var host) || !TryPort(rest[(inner + 1)..], out var container))
        {
            return Wrong(text);
        }

        if (address is null)
        {
            return new ContainerPort { HostPort = host, Port = container, Protocol = protocol == "UDP" ? "UDP" : null };
        }

        return TryAddress(address, out var ip)
            ? new ContainerPort { HostIp = ip, HostPort = host, Port = container, Protocol = protocol == "UDP" ? "UDP" : null }
            : Wrong(text);
    }

    private static CliError Wrong(string text) => CliError.Usage($"--port '{text}' is no port", Rule);

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;

    /// <summary>IPv6 stands in brackets, as in a URL; IPv4 has four numbers.</summary>
    private static bool TryAddress(string text, out string address)
    {
        var isBracketed = text.StartsWith('[') && text.EndsWith(']');
        var bare = isBracketed ? text[1..^1] : text;
        var isAddress = IPAddress.TryParse(bare, out var parsed) && !bare.Contains('%', StringComparison.Ordinal)
            && (isBracketed
                ? parsed.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
                : string.Equals(parsed.ToString(), bare, StringComparison.Ordinal) && !bare.Contains(':', StringComparison.Ordinal));
        address = isAddress ? parsed!.ToString() : string.Empty;
        return isAddress;
    }
}
