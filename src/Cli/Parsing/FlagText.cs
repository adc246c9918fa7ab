using System.Globalization;
using System.Net;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Cli.Parsing;

/// <summary>Pairs as flags take them.</summary>
internal static class PairText
{
    /// <summary>A variable: <c>KEY=VALUE</c>; the value may hold anything.</summary>
    public static Outcome<KeyValuePair<string, string>> Variable(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
            ? KeyValuePair.Create(text[..equals], text[(equals + 1)..])
            : Fault.Invalid($"--env '{text}' is no variable", "write KEY=VALUE");

    /// <summary>A label: <c>key=value</c>, by Kubernetes' rules.</summary>
    public static Outcome<KeyValuePair<string, string>> Label(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
        {
            return Fault.Invalid($"'{text}' is no label", "write key=value");
        }

        var (key, value) = (text[..equals], text[(equals + 1)..]);
        return (LabelSyntax.KeyError(key) ?? LabelSyntax.ValueError(value)) is { } error
            ? Fault.Invalid($"'{text}' is no label", error)
            : KeyValuePair.Create(key, value);
    }
}

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

    private static Fault Wrong(string text) => Fault.Invalid($"--port '{text}' is no port", Rule);

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

/// <summary>A mount as <c>--volume</c> takes it: <c>/host/path:/path[:ro]</c> or <c>name:/path[:ro]</c>.</summary>
internal static class VolumeText
{
    private const string Rule = "write /path/on/device:/path or volume-name:/path, with :ro at the end to make it read-only";

    /// <summary>Parses <paramref name="text"/>.</summary>
    public static Outcome<VolumeMount> Parse(string text)
    {
        var parts = text.Split(':');
        if (parts.Length is < 2 or > 3 || (parts.Length == 3 && parts[2] is not ("ro" or "rw")) || parts[0].Length == 0 || !parts[1].StartsWith('/'))
        {
            return Fault.Invalid($"--volume '{text}' is no volume", Rule);
        }

        var isPath = parts[0].StartsWith('/');
        return isPath || parts[0].IndexOfAny(['/', '~', '.']) != 0
            ? new VolumeMount
            {
                HostPath = isPath ? parts[0] : null,
                Volume = isPath ? null : parts[0],
                MountPath = parts[1],
                ReadOnly = parts.Length == 3 && parts[2] == "ro",
            }
            : Fault.Invalid($"--volume '{text}' names no absolute path", Rule);
    }
}
