using System.Net;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Validation;

/// <summary>What published ports must be.</summary>
internal static class PortRules
{
    private const string Range = "must be between 1 and 65535, inclusive";

    public static IEnumerable<FieldError> Check(ContainerPort? port, string path)
    {
        if (port is null)
        {
            yield return FieldError.Required(path, "a port is an object");
            yield break;
        }

        if (port.Port is < 1 or > 65535)
        {
            yield return FieldError.Invalid($"{path}.containerPort", port.Port, Range);
        }

        if (port.HostPort is < 1 or > 65535)
        {
            yield return FieldError.Invalid($"{path}.hostPort", port.HostPort, Range);
        }

        if (port.Protocol is not (null or "TCP" or "UDP"))
        {
            yield return FieldError.Invalid($"{path}.protocol", port.Protocol, "supported values: \"TCP\", \"UDP\"");
        }

        if (port.HostIp is not null && !IsAddress(port.HostIp))
        {
            yield return FieldError.Invalid($"{path}.hostIP", port.HostIp, "must be a valid IP address");
        }
    }

    /// <summary>Two ports of one score that would claim the same port of the device: all addresses overlap with each one.</summary>
    public static IEnumerable<FieldError> CheckConflicts(PodmanV0Score score, string path)
    {
        var taken = new Dictionary<(int Port, string Protocol), HashSet<string>>();
        foreach (var (containerIndex, container) in score.Containers.Index().Where(container => container.Item is not null))
        {
            foreach (var (index, port) in container.Ports.Index().Where(port => port.Item is { HostPort: > 0 }))
            {
                var key = (port.HostPort, port.Protocol ?? "TCP");
                var addresses = taken.TryGetValue(key, out var found) ? found : taken[key] = new(StringComparer.Ordinal);
                var address = AddressOf(port);
                if (addresses.Contains(address) || addresses.Contains(string.Empty) || (address.Length == 0 && addresses.Count > 0))
                {
                    yield return FieldError.Duplicate($"{path}.containers[{containerIndex}].ports[{index}].hostPort", $"{port.HostPort}/{key.Item2}");
                }

                addresses.Add(address);
            }
        }
    }

    private static string AddressOf(ContainerPort port) =>
        port.HostIp is null or "0.0.0.0" or "::" ? string.Empty
        : IPAddress.TryParse(port.HostIp, out var address) ? address.ToString() : port.HostIp;

    // IPAddress.TryParse also takes "1" and "0x7f.1": a whole dotted quad, or IPv6, is meant.
    private static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal)
            ? !text.AsSpan().ContainsAny('[', '%')
            : string.Equals(address.ToString(), text, StringComparison.Ordinal));
}
