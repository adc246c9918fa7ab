using System.Text;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>What netavark wrote into the kernel's packet filter by way of iptables.</summary>
internal static class IptablesRules
{
    /// <summary>The chains of networks and ports; those of all networks together have an underscore.</summary>
    private const string OfANetwork = "NETAVARK-";

    private const string OfAll = "NETAVARK_";

    /// <summary>What iptables-restore must be told to take away all that belongs to <paramref name="network"/>, and nothing else.</summary>
    /// <param name="saved">What iptables-save prints.</param>
    /// <param name="network">The network.</param>
    /// <returns>Empty where nothing does.</returns>
    public static string Without(string saved, PodmanNetwork network)
    {
        var lines = saved.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var isShared = lines.Any(line => IsOfAnotherWithTheSameAddresses(line, network));
        var text = new StringBuilder();
        foreach (var table in lines.Where(line => line[0] == '*'))
        {
            string[] own = [.. lines.SkipWhile(line => line != table).TakeWhile(line => line != "COMMIT")];
            string[] chains = [.. own.Where(line => line[0] == ':').Select(line => line[1..line.IndexOf(' ', StringComparison.Ordinal)]).Where(name => IsOwn(name, network))];
            string[] rules = [.. own.Where(line => IsRuleOf(line, network, isShared))];
            if (chains.Length + rules.Length > 0)
            {
                text.Append(table).Append('\n');
                text.AppendJoin(string.Empty, rules.Select(rule => $"-D{rule["-A".Length..]}\n"));
                text.AppendJoin(string.Empty, chains.Select(chain => $"-F {chain}\n"));
                text.AppendJoin(string.Empty, chains.Select(chain => $"-X {chain}\n"));
                text.Append("COMMIT\n");
            }
        }

        return text.ToString();
    }

    private static bool IsRuleOf(string line, PodmanNetwork network, bool isShared) =>
        line.Split(' ') is ["-A", var chain, .. var words] && !IsOwn(chain, network)
        && (IsOwn(TargetOf(words), network)
            || (chain.StartsWith(OfAll, StringComparison.Ordinal)
                && (Has(words, network.Bridge, "-i", "-o") || (!isShared && Has(words, network.Subnet, "-s", "-d")))));

    /// <summary>Two networks may have been given the same addresses, and a rule that names nothing else is needed by either.</summary>
    private static bool IsOfAnotherWithTheSameAddresses(string line, PodmanNetwork network) =>
        line.Split(' ') is ["-A", var chain, .. var words] && Has(words, network.Subnet, "-s", "-d")
        && ((string[])[chain, TargetOf(words)]) is var named
        && named.Any(name => name.StartsWith(OfANetwork, StringComparison.Ordinal))
        && !named.Any(name => IsOwn(name, network));

    private static bool IsOwn(string chain, PodmanNetwork network) => chain == network.Chain || chain == network.PortsChain;

    private static string TargetOf(string[] words) => Array.IndexOf(words, "-j") is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : string.Empty;

    private static bool Has(string[] words, string value, params ReadOnlySpan<string> options)
    {
        for (var at = 1; at < words.Length; at++)
        {
            if (words[at] == value && options.Contains(words[at - 1]))
            {
                return true;
            }
        }

        return false;
    }
}
