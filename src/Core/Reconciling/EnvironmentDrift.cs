using System.Collections.Frozen;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>Compares environments. Values are not named: they may be secrets.</summary>
internal static class EnvironmentDrift
{
    /// <summary>What runtimes set by themselves where neither image nor score does; proxies come from the host's own environment.</summary>
    private static readonly FrozenSet<string> OfTheRuntime = FrozenSet.Create(
        StringComparer.Ordinal,
        "PATH", "HOME", "HOSTNAME", "TERM", "container", "container_uuid",
        "http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY");

    public static IEnumerable<string> Between(ContainerSpec spec, ObservedContainer observed)
    {
        var wanted = observed.ImageDefaults.Env.SetItems(spec.Env);
        foreach (var (name, value) in wanted.Where(variable => !Excused(variable.Key, spec)))
        {
            if (!observed.Env.TryGetValue(name, out var found))
            {
                yield return $"variable {name} is missing";
            }
            else if (found != value)
            {
                yield return $"variable {name} has another value";
            }
        }

        foreach (var name in observed.Env.Keys.Where(name => !wanted.ContainsKey(name) && !OfTheRuntime.Contains(name)))
        {
            yield return $"variable {name} should not be there";
        }
    }

    /// <summary>A runtime may change what is its own, unless the score asks for a value.</summary>
    private static bool Excused(string name, ContainerSpec spec) => OfTheRuntime.Contains(name) && !spec.Env.ContainsKey(name);
}
