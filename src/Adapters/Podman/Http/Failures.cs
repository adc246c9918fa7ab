using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Harmony.Fleet.Adapters.Podman.Json;
using Harmony.Fleet.Contracts.Texts;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Adapters.Podman.Http;

/// <summary>What podman's errors mean. Its status is nearly always 500, so that only the words tell.</summary>
internal static partial class Failures
{
    /// <summary>Words of errors, in the order in which they are looked for; the first that is found decides.</summary>
    private static readonly (string Words, FaultKind Kind)[] Meanings =
    [
        ("address already in use", FaultKind.Transient),
        ("cannot assign requested address", FaultKind.Transient),
        ("no space left on device", FaultKind.Transient),
        ("name is already in use", FaultKind.Conflict),
        ("name already in use", FaultKind.Conflict),
        ("no such container", FaultKind.NotFound),
        ("image not known", FaultKind.Permanent),
        ("no such image", FaultKind.Permanent),
        ("invalid argument", FaultKind.Permanent),
        ("invalid container path", FaultKind.Permanent),
        ("statfs /", FaultKind.Permanent),
        ("not a directory", FaultKind.Permanent),
        ("command that was not found", FaultKind.Permanent),
        ("executable file not found", FaultKind.Permanent),
        ("exec format error", FaultKind.Permanent),
        ("permission denied", FaultKind.Permanent),
        ("cannot expose privileged port", FaultKind.Permanent),
        ("duplicate mount destination", FaultKind.Permanent),
    ];

    /// <summary>An answer that is no success.</summary>
    public static Fault Of(Answer answer)
    {
        var error = answer.Read(PodmanJson.Default.PodmanError);
        var message = error.IsOk ? error.Value.Message ?? error.Value.Cause ?? string.Empty : string.Empty;
        if (message.Length == 0)
        {
            message = $"podman answered with status {(int)answer.Status}";
        }

        var kind = KindOf(answer.Status, $"{message}: {(error.IsOk ? error.Value.Cause : null)}");
        return new(kind, OneLine(Clearer(message) ?? message));
    }

    /// <summary>The port that somebody else has; null where the answer says something else.</summary>
    public static TakenPort? PortInUse(Answer answer) =>
        answer.Read(PodmanJson.Default.PodmanError) is { IsOk: true, Value: var error } ? PortInUse(error.Message ?? error.Cause ?? string.Empty) : null;

    /// <summary>
    /// Whether only another start was in the way: netavark looks for a chain of the packet filter and makes it without a lock, so that of two that start at
    /// once (after a boot, say) one finds it made. The next try finds it there.
    /// </summary>
    public static bool IsLostRace(Answer answer) =>
        answer.Read(PodmanJson.Default.PodmanError) is { IsOk: true, Value: var error }
        && $"{error.Message} {error.Cause}" is var words
        && words.Contains("netavark", StringComparison.Ordinal) && words.Contains("chain already exists", StringComparison.OrdinalIgnoreCase);

    /// <summary>No answer, or a broken one.</summary>
    public static Fault OfConnection(string socketPath, string what, Exception broken) =>
        new(
            FaultKind.Unreachable,
            broken.InnerException is SocketException { SocketErrorCode: not (SocketError.ConnectionReset or SocketError.Shutdown) } refused
                ? SocketConnection.Explain(socketPath, refused.SocketErrorCode)
                : $"podman's answer broke off or cannot be read ({what}): {OneLine(broken.Message)}");

    /// <summary>Text of others, as one printable line of bounded length.</summary>
    public static string OneLine(string text)
    {
        var kept = text.Length > ResponseLimits.MessageChars ? text.AsSpan(0, ResponseLimits.MessageChars) : text;
        if (!kept.IsEmpty && char.IsHighSurrogate(kept[^1]))
        {
            kept = kept[..^1];
        }

        return Printable.Line(kept.ToString()).Trim();
    }

    private static FaultKind KindOf(HttpStatusCode status, string text)
    {
        foreach (var (words, kind) in Meanings)
        {
            if (text.Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }

        return status switch
        {
            HttpStatusCode.NotFound => FaultKind.NotFound,
            HttpStatusCode.Conflict => FaultKind.Conflict,
            HttpStatusCode.BadRequest => FaultKind.Permanent,
            _ => FaultKind.Transient,
        };
    }

    /// <summary>A sentence that says what to do, for what happens to people most; null for the rest.</summary>
    private static string? Clearer(string message)
    {
        if (PortInUse(message) is { } taken)
        {
            return taken.TakenBy(null);
        }

        if (Listening().Match(message) is { Success: true } port)
        {
            return $"port {port.Groups["port"].Value}/{port.Groups["protocol"].Value} cannot be published: the device has no address {port.Groups["address"].Value}";
        }

        return MissingSource().Match(message) is { Success: true } source
            ? $"{source.Groups["path"].Value} does not exist on the device: make it, or mount something else"
            : null;
    }

    private static TakenPort? PortInUse(string message) =>
        Listening().Match(message) is { Success: true } port
        && port.Groups["reason"].Value.StartsWith("address", StringComparison.Ordinal)
        && int.TryParse(port.Groups["port"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new TakenPort(number, port.Groups["protocol"].Value)
            : null;

    [GeneratedRegex("listen (?<protocol>tcp|udp)[46]? (?<address>[^ ]*):(?<port>[0-9]+): bind: (?<reason>address already in use|cannot assign requested address)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();

    [GeneratedRegex("^statfs (?<path>/.*): no such file or directory\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MissingSource();
}

/// <summary>A port of the device that somebody has already.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
internal readonly record struct TakenPort(int Number, string Protocol)
{
    /// <summary>The sentence, with its holder where that is known.</summary>
    public string TakenBy(string? holder) => holder is null
        ? $"port {Number}/{Protocol} of the device is in use by another program: free it, or choose another host port"
        : $"port {Number}/{Protocol} of the device is in use by {holder}: choose another host port";
}
