using System.Collections.Immutable;

namespace Harmony.Fleet.Deploy.NatsServers;

/// <summary>One nats-server of a fleet: what it is called, and where it keeps what it has.</summary>
/// <param name="Number">Which of them it is, from 1.</param>
/// <param name="Count">How many there are.</param>
public sealed record NatsNode(int Number, int Count)
{
    /// <summary>How many a fleet may have. Two are no better than one: the one that is left is no majority, and stores nothing.</summary>
    public static readonly ImmutableArray<int> Counts = [1, 3, 5];

    /// <summary>How many servers hold each bucket, where there are as many: one of three may be lost, and more of them make every write slower.</summary>
    public const int MaxReplicas = 3;

    /// <summary>What an error says of a number that is none of <see cref="Counts"/>.</summary>
    public const string CountRule = "1, 3 or 5: a cluster needs a majority, and an even number can lose no more servers than one less";

    /// <summary>All nodes of a fleet with so many.</summary>
    public static ImmutableArray<NatsNode> Of(int count) => Counts.Contains(count)
        ? [.. Enumerable.Range(1, count).Select(number => new NatsNode(number, count))]
        : throw new ArgumentOutOfRangeException(nameof(count), count, CountRule);

    /// <summary>How many servers are to hold each bucket; null for one, whatever an administrator made of it.</summary>
    public static int? Replicas(int count) => count == 1 ? null : Math.Min(count, MaxReplicas);

    /// <summary>What people call it: <c>nats</c>, or of several <c>nats-2</c>.</summary>
    public string Name => Count == 1 ? "nats" : $"nats-{Number}";

    /// <summary>Its folder in the data folder.</summary>
    public string Folder => Count == 1 ? "nats" : $"nats/node-{Number}";

    /// <summary>Its configuration.</summary>
    public string Config => $"{Folder}/nats.conf";

    /// <summary>What it calls itself to its peers: JetStream knows it by that name.</summary>
    public string ServerName => Count == 1 ? ClusterName : $"{ClusterName}-{Number}";

    /// <summary>What its port for clients is remembered as: the first one's stays, however many there are.</summary>
    public string ClientPort => Number == 1 ? "nats" : Name;

    /// <summary>What its port for the other servers is remembered as.</summary>
    public string RoutePort => $"{Name}-route";

    /// <summary>What all of them are called together.</summary>
    public const string ClusterName = "harmony-fleet";
}
