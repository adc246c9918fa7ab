using System.Text;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>What netavark wrote into the kernel's packet filter where it was built for nftables: a table of its own.</summary>
internal static class NftablesRules
{
    /// <summary>Family and name of the table.</summary>
    public const string Table = "inet netavark";

    private const string Handle = " # handle ";

    /// <summary>What nft must be told to take away all that belongs to <paramref name="network"/>, and nothing else.</summary>
    /// <param name="listed">What nft prints of the table, with handles.</param>
    /// <param name="network">The network.</param>
    /// <returns>Empty where nothing does.</returns>
    public static string Without(string listed, PodmanNetwork network)
    {
        (string Chain, string Rule, string Handle)[] all = [.. Read(listed)];
        var isShared = all.Any(line => IsOfAnotherWithTheSameAddresses(line.Chain, network));
        string[] own = [.. all.Select(line => line.Chain).Distinct(StringComparer.Ordinal).Where(chain => IsOwn(chain, network))];
        return new StringBuilder()
            .AppendJoin(string.Empty, all
                .Where(line => !IsOwn(line.Chain, network) && IsRuleOf(line.Rule, network, isShared))
                .Select(line => $"delete rule {Table} {line.Chain} handle {line.Handle}\n"))
            .AppendJoin(string.Empty, own.Select(chain => $"flush chain {Table} {chain}\n"))
            .AppendJoin(string.Empty, own.Select(chain => $"delete chain {Table} {chain}\n"))
            .ToString();
    }

    /// <summary>Chains, with an empty rule, and their rules.</summary>
    private static IEnumerable<(string Chain, string Rule, string Handle)> Read(string listed)
    {
        var chain = string.Empty;
        foreach (var words in listed.Split('\n').Select(line => line.Trim().Split(Handle)).Where(words => words.Length == 2))
        {
            var isChain = words[0].StartsWith("chain ", StringComparison.Ordinal);
            chain = isChain ? words[0].Split(' ')[1] : chain;
            yield return (chain, isChain ? string.Empty : words[0], words[1]);
        }
    }

    private static bool IsOwn(string chain, PodmanNetwork network) => chain == network.NftChain || chain == network.NftPortsChain;

    private static bool IsRuleOf(string rule, PodmanNetwork network, bool isShared)
    {
        var words = rule.Split(' ');
        return (words is [.., "jump", var target] && IsOwn(target, network))
            || words.Contains($"\"{network.Bridge}\"")
            || (!isShared && words.Contains(network.Subnet));
    }

    /// <summary>Two networks may have been given the same addresses, and a rule that names nothing else is needed by either.</summary>
    private static bool IsOfAnotherWithTheSameAddresses(string chain, PodmanNetwork network)
    {
        const int Id = 11; // "nv_" and eight characters.
        return chain.Length > Id && chain.StartsWith("nv_", StringComparison.Ordinal) && chain[..Id] != network.NftChain[..Id]
            && (chain[Id..] == network.NftChain[Id..] || chain[Id..] == network.NftPortsChain[Id..]);
    }
}
