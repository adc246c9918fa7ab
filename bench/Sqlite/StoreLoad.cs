using System.Collections.Immutable;
using System.Globalization;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Ports.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Bench.Sqlite;

/// <summary>The store under load. What is counted was acknowledged, and so fsynced.</summary>
internal static class StoreLoad
{
    public static SqliteStore Open(string path, bool isMarked = true) =>
        ((OpenOutcome.Opened)SqliteStore.Open(new SqliteStoreOptions { Path = path, IsMarked = isMarked }, TimeProvider.System, Guid.NewGuid, NullLogger<SqliteStore>.Instance)).Store;

    /// <summary>A Deployment of about the size that people write.</summary>
    public static Deployment Sample(string name) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "plant", Labels = ImmutableSortedDictionary<string, string>.Empty.Add("app", name) },
        Spec = new DeploymentSpec
        {
            TargetSelector = new LabelSelector { MatchLabels = ImmutableSortedDictionary<string, string>.Empty.Add("site", "a") },
            Score = new ReconcileScore
            {
                PodmanV0 = new PodmanV0Score
                {
                    Containers =
                    [
                        new Container
                        {
                            Name = "main",
                            Image = "registry.example/plant/app:1.2.3",
                            Env = [.. Enumerable.Range(0, 10).Select(i => new EnvVar { Name = $"SETTING_{i}", Value = $"value of the setting {i}" })],
                            Ports = [new ContainerPort { Port = 80, HostPort = 8080 }],
                        },
                    ],
                },
            },
        },
    };

    /// <summary>Creates, by some writers at once.</summary>
    public static Task CreateAsync(SqliteStore store, string prefix, int writers, int each) => Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
    {
        for (var i = 0; i < each; i++)
        {
            Demand(await store.CreateAsync(ResourceTypes.Deployments, Sample($"{prefix}-{writer}-{i}"), CancellationToken.None));
        }
    }));

    /// <summary>Status writes, by some writers at once, as the operator's aggregator makes them: each of the version that it saw last.</summary>
    public static Task PatchStatusAsync(SqliteStore store, ImmutableArray<ResourceRevision> seen, int writers) =>
        Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            var each = seen.Length / writers;
            for (var i = writer * each; i < (writer + 1) * each; i++)
            {
                var status = new DeploymentStatus { ObservedGeneration = 1, Aggregate = new DeploymentAggregate { MatchedDeviceCount = 100, Succeeded = i + 1 } };
                Demand(await store.PatchStatusAsync(ResourceTypes.Deployments, seen[i], status, CancellationToken.None));
            }
        }));

    /// <summary>What there is of a prefix, as a writer sees it.</summary>
    public static async Task<ImmutableArray<ResourceRevision>> SeenAsync(SqliteStore store, string prefix)
    {
        var page = (ListOutcome<Deployment>.Ok)await store.ListAsync(ResourceTypes.Deployments, ListOptions.All, CancellationToken.None);
        return [.. page.List.Items.Where(item => item.Metadata.Name.StartsWith(prefix + "-", StringComparison.Ordinal)).Select(item => ResourceRevision.Of(item.Metadata))];
    }

    /// <summary>Lists some resources in pages of 500.</summary>
    public static async Task ListAsync(SqliteStore store, int count)
    {
        string? next = null;
        for (var left = count; left > 0;)
        {
            var page = (ListOutcome<Deployment>.Ok)await store.ListAsync(ResourceTypes.Deployments, new ListOptions { Limit = 500, Continue = next }, CancellationToken.None);
            left -= page.List.Items.Length;
            next = page.List.Metadata.Continue ?? throw new InvalidOperationException("There are not that many.");
        }
    }

    /// <summary>Reads the log's last events as one watch does.</summary>
    public static async Task WatchAsync(SqliteStore store, int events)
    {
        var now = (ListOutcome<Deployment>.Ok)await store.ListAsync(ResourceTypes.Deployments, new ListOptions { Limit = 1 }, CancellationToken.None);
        var from = long.Parse(now.List.Metadata.ResourceVersion!, CultureInfo.InvariantCulture) - events;
        var (left, options) = (events, new WatchOptions { ResourceVersion = from.ToString(CultureInfo.InvariantCulture) });
        await foreach (var seen in store.WatchAsync(ResourceTypes.Deployments, options, CancellationToken.None))
        {
            if (seen is WatchEvent<Deployment>.Gone gone)
            {
                throw new InvalidOperationException(gone.Reason);
            }

            if (seen is not WatchEvent<Deployment>.Bookmark && --left == 0)
            {
                break;
            }
        }
    }

    private static void Demand(StoreOutcome<Deployment> outcome)
    {
        if (outcome is not StoreOutcome<Deployment>.Ok)
        {
            throw new InvalidOperationException($"A write failed: {outcome}");
        }
    }
}
