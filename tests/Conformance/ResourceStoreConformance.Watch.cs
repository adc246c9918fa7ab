using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Conformance;

public abstract partial class ResourceStoreConformance
{
    [Fact]
    public async Task Watch_FromAList_SeesWhatFollowsInOrder()
    {
        await CreatedAsync(Web("before"));
        await using var watch = await WatchFromListAsync(Deployments);

        var created = await CreatedAsync(Web());
        var updated = Done(await Store.UpdateAsync(Deployments, WithImage(created, "web:2"), Stop));
        var observed = Done(await StatusAsync(updated, Succeeded(1)));
        Done(await DeletedAsync(observed));

        ShouldBeSame((await watch.NextAsync<WatchEvent<Deployment>.Added>()).Resource, created);
        ShouldBeSame((await watch.NextAsync<WatchEvent<Deployment>.Modified>()).Resource, updated);
        ShouldBeSame((await watch.NextAsync<WatchEvent<Deployment>.Modified>()).Resource, observed);
        (await watch.NextAsync<WatchEvent<Deployment>.Deleted>()).Resource.Metadata.Uid.ShouldBe(created.Metadata.Uid);
    }

    [Fact]
    public async Task Watch_WithoutAVersion_SeesWhatIsThereFirst()
    {
        await CreatedAsync(Web("a"));
        await CreatedAsync(Web("b"));
        await using var watch = Watch(Deployments, new WatchOptions());

        (await watch.NextAsync<WatchEvent<Deployment>.Added>()).Resource.Metadata.Name.ShouldBe("a");
        (await watch.NextAsync<WatchEvent<Deployment>.Added>()).Resource.Metadata.Name.ShouldBe("b");
        await CreatedAsync(Web("c"));
        (await watch.NextAsync<WatchEvent<Deployment>.Added>()).Resource.Metadata.Name.ShouldBe("c");
    }

    [Fact]
    public async Task Watch_FromAnEventsVersion_RepeatsAndMissesNothing()
    {
        await using var first = await WatchFromListAsync(Devices);
        await FillAsync(5);
        await first.NextAsync<WatchEvent<Device>.Added>();
        var second = await first.NextAsync<WatchEvent<Device>.Added>();

        await using var resumed = Watch(Devices, new WatchOptions { ResourceVersion = second.Resource.Metadata.ResourceVersion });

        (await resumed.NextAsync<WatchEvent<Device>.Added>()).Resource.Metadata.Name.ShouldBe("pi-2");
        (await resumed.NextAsync<WatchEvent<Device>.Added>()).Resource.Metadata.Name.ShouldBe("pi-3");
    }

    [Fact]
    public async Task Watch_FromADeletionsVersion_DoesNotRepeatIt()
    {
        await using var first = await WatchFromListAsync(Devices);
        var device = await CreatedAsync(Pi("pi-1"));
        Done(await Store.DeleteAsync(Devices, ResourceKey.Of(device.Metadata), DeletePreconditions.None, Stop));
        await first.NextAsync<WatchEvent<Device>.Added>();
        var deleted = await first.NextAsync<WatchEvent<Device>.Deleted>();

        await using var resumed = Watch(Devices, new WatchOptions { ResourceVersion = deleted.Resource.Metadata.ResourceVersion });
        await CreatedAsync(Pi("pi-2"));

        (await resumed.NextAsync<WatchEvent<Device>.Added>()).Resource.Metadata.Name.ShouldBe("pi-2");
    }

    [Fact]
    public async Task Watch_OfANamespace_SeesNoOther()
    {
        await using var watch = await WatchFromListAsync(Deployments, new WatchOptions { Namespace = "mine" });
        await CreatedAsync(Web("theirs", "other"));
        await CreatedAsync(Web("ours", "mine"));

        (await watch.NextAsync<WatchEvent<Deployment>.Added>()).Resource.Metadata.Name.ShouldBe("ours");
    }

    [Fact]
    public async Task Watch_OfAKind_SeesNoOther()
    {
        await using var watch = await WatchFromListAsync(Deployments);
        await CreatedAsync(Pi("pi-1"));
        await CreatedAsync(Web());

        (await watch.NextAsync<WatchEvent<Deployment>.Added>()).Resource.Metadata.Name.ShouldBe("web");
    }

    [Fact]
    public async Task Watch_WhenNothingDiffers_SeesNothing()
    {
        var created = await CreatedAsync(Web());
        await using var watch = await WatchFromListAsync(Deployments);
        Done(await Store.UpdateAsync(Deployments, created, Stop));
        await CreatedAsync(Web("next"));

        (await watch.NextAsync<WatchEvent<Deployment>.Added>()).Resource.Metadata.Name.ShouldBe("next");
    }

    [Fact]
    public async Task Watch_OfAFinalizedDeletion_SeesItModifiedThenDeleted()
    {
        var created = await CreatedAsync(Guarded());
        await using var watch = await WatchFromListAsync(Deployments);
        var deleted = Done(await DeletedAsync(created));
        Done(await Store.UpdateAsync(Deployments, WithFinalizers(deleted), Stop));

        (await watch.NextAsync<WatchEvent<Deployment>.Modified>()).Resource.Metadata.DeletionTimestamp.ShouldNotBeNull();
        (await watch.NextAsync<WatchEvent<Deployment>.Deleted>()).Resource.Metadata.Uid.ShouldBe(created.Metadata.Uid);
    }

    [Fact]
    public async Task Watch_OfASelector_SeesResourcesComeAndGo()
    {
        await CreatedAsync(Pi("pi-1", ("n", "out")));
        await using var watch = await WatchFromListAsync(Devices, new WatchOptions { LabelSelector = Where("n", "In", "in", "still") });

        await RelabelAsync("pi-1", "in");
        await RelabelAsync("pi-1", "still");
        var left = await RelabelAsync("pi-1", "out");
        await RelabelAsync("pi-1", "far-out");
        await RelabelAsync("pi-1", "in");

        (await watch.NextAsync<WatchEvent<Device>.Added>()).Resource.Metadata.Labels["n"].ShouldBe("in");
        (await watch.NextAsync<WatchEvent<Device>.Modified>()).Resource.Metadata.Labels["n"].ShouldBe("still");
        var gone = await watch.NextAsync<WatchEvent<Device>.Deleted>();
        gone.Resource.Metadata.Labels["n"].ShouldBe("still");
        gone.Resource.Metadata.ResourceVersion.ShouldBe(left.Metadata.ResourceVersion);
        (await watch.NextAsync<WatchEvent<Device>.Added>()).Resource.Metadata.Labels["n"].ShouldBe("in");
    }

    [Fact]
    public async Task Watch_FromAForgottenVersion_IsGoneAndEnds()
    {
        var version = (await ListedAsync(Devices)).Metadata.ResourceVersion;
        await CreatedAsync(Pi("pi-1"));
        await ForgetHistoryAsync();
        await using var watch = Watch(Devices, new WatchOptions { ResourceVersion = version });

        (await watch.NextAsync<WatchEvent<Device>.Gone>()).Reason.ShouldNotBeEmpty();
        await watch.ShouldEndAsync();
    }

    [Fact]
    public async Task Watch_Cancelled_Ends()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using var watch = new WatchProbe<Device>(Store.WatchAsync(Devices, new WatchOptions(), stop.Token));
        var next = watch.NextAsync<WatchEvent<Device>.Added>();

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Watch_ByManyWhileManyWrite_SeesEachChangeOnceInOrder()
    {
        const int Writers = 8;
        const int Each = 25;
        var version = (await ListedAsync(Devices)).Metadata.ResourceVersion;
        var watches = Enumerable.Range(0, 4).Select(_ => Watch(Devices, new WatchOptions { ResourceVersion = version })).ToList();

        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < Each; i++)
            {
                await CreatedAsync(Pi($"pi-{writer}-{i}"));
            }
        }));
        var seen = await Task.WhenAll(watches.Select(async watch =>
        {
            var names = new List<string>();
            while (names.Count < Writers * Each)
            {
                names.Add((await watch.NextAsync<WatchEvent<Device>.Added>()).Resource.Metadata.Name);
            }

            await watch.DisposeAsync();
            return names;
        }));
        await writing;

        seen[0].ShouldBeUnique();
        seen.ShouldAllBe(names => names.SequenceEqual(seen[0]));
        for (var writer = 0; writer < Writers; writer++)
        {
            seen[0].Where(name => name.StartsWith($"pi-{writer}-", StringComparison.Ordinal)).ShouldBe(Enumerable.Range(0, Each).Select(i => $"pi-{writer}-{i}"));
        }
    }

    private WatchProbe<T> Watch<T>(ResourceType<T> type, WatchOptions options)
        where T : class, IResource =>
        new(Store.WatchAsync(type, options, Stop));

    private async Task<WatchProbe<T>> WatchFromListAsync<T>(ResourceType<T> type, WatchOptions? options = null)
        where T : class, IResource =>
        Watch(type, (options ?? new WatchOptions()) with { ResourceVersion = (await ListedAsync(type)).Metadata.ResourceVersion });
}
