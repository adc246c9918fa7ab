using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Conformance;

public abstract partial class ResourceStoreConformance
{
    [Fact]
    public async Task Create_New_SetsWhatIsTheStores()
    {
        var created = await CreatedAsync(Web());

        created.Metadata.Uid.ShouldNotBeNullOrEmpty();
        created.Metadata.ResourceVersion.ShouldNotBeNullOrEmpty();
        created.Metadata.Generation.ShouldBe(1);
        created.Metadata.CreationTimestamp.ShouldNotBeNull();
        created.Metadata.DeletionTimestamp.ShouldBeNull();
        Image(created).ShouldBe("web:1");
    }

    [Fact]
    public async Task Create_New_ReadsBackAsReturned()
    {
        var created = await CreatedAsync(Web() with
        {
            Metadata = new ObjectMeta
            {
                Name = "web",
                Namespace = "plant",
                Labels = ImmutableSortedDictionary<string, string>.Empty.Add("app", "web"),
                Annotations = ImmutableSortedDictionary<string, string>.Empty.Add("example.com/note", "two\nlines, ünïcode"),
                Finalizers = ["example.com/keep"],
            },
        });

        ShouldBeSame(await StoredAsync(Deployments, created), created);
        created.Metadata.Annotations["example.com/note"].ShouldBe("two\nlines, ünïcode");
        created.Metadata.Finalizers.ShouldBe(["example.com/keep"]);
    }

    [Fact]
    public async Task Create_WithAStatus_IgnoresIt()
    {
        var created = await CreatedAsync(Web() with { Status = Succeeded(3) });

        (created.Status is null || created.Status.Aggregate.Succeeded == 0).ShouldBeTrue();
    }

    [Fact]
    public async Task Create_WithTheStoresOwnFields_IgnoresThem()
    {
        var offered = Web() with
        {
            Metadata = new ObjectMeta
            {
                Name = "web", Namespace = "plant", Uid = "mine", Generation = 70, DeletionTimestamp = DateTimeOffset.UnixEpoch, CreationTimestamp = DateTimeOffset.UnixEpoch,
            },
        };

        var created = await CreatedAsync(offered);

        created.Metadata.Uid.ShouldNotBe("mine");
        created.Metadata.Generation.ShouldBe(1);
        created.Metadata.DeletionTimestamp.ShouldBeNull();
        created.Metadata.CreationTimestamp.ShouldNotBe(DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task Create_OfATakenName_AlreadyExists()
    {
        var first = await CreatedAsync(Web());

        (await Store.CreateAsync(Deployments, Web(image: "web:2"), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.AlreadyExists>();

        ShouldBeSame(await StoredAsync(Deployments, first), first);
    }

    [Fact]
    public async Task Create_OfTheSameNameElsewhere_IsAnother()
    {
        var one = await CreatedAsync(Web(ns: "plant-a"));
        var other = await CreatedAsync(Web(ns: "plant-b"));

        other.Metadata.Uid.ShouldNotBe(one.Metadata.Uid);
        (await CreatedAsync(Pi("web"))).Metadata.Namespace.ShouldBeNull();
    }

    [Fact]
    public async Task Create_AfterADelete_HasAnotherUid()
    {
        var first = await CreatedAsync(Web());
        Done(await Store.DeleteAsync(Deployments, ResourceKey.Of(first.Metadata), DeletePreconditions.None, Stop));

        var second = await CreatedAsync(Web());

        second.Metadata.Uid.ShouldNotBe(first.Metadata.Uid);
        second.Metadata.Generation.ShouldBe(1);
    }

    [Fact]
    public async Task Create_OfOneNameByMany_SucceedsOnce()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Store.CreateAsync(Deployments, Web(image: $"web:{i}"), Stop)));

        outcomes.Count(outcome => outcome is StoreOutcome<Deployment>.Ok).ShouldBe(1);
        outcomes.Count(outcome => outcome is StoreOutcome<Deployment>.AlreadyExists).ShouldBe(19);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Web")]
    [InlineData("-web")]
    [InlineData("we/b")]
    [InlineData("../web")]
    [InlineData("web\0")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123")]
    public async Task Create_OfABadName_IsInvalid(string name)
    {
        var outcome = await Store.CreateAsync(Deployments, Web(name), Stop);

        outcome.ShouldBeOfType<StoreOutcome<Deployment>.Invalid>().Reason.ShouldContain("name");
    }

    [Theory]
    [InlineData("Plant")]
    [InlineData("pl ant")]
    [InlineData("")]
    public async Task Create_InABadNamespace_IsInvalid(string ns) =>
        (await Store.CreateAsync(Deployments, Web(ns: ns), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Invalid>();

    [Fact]
    public async Task Create_OfAClusterScopedKindInANamespace_IsInvalid()
    {
        var device = new Device { Metadata = new ObjectMeta { Name = "pi-1", Namespace = "plant" } };

        (await Store.CreateAsync(Devices, device, Stop)).ShouldBeOfType<StoreOutcome<Device>.Invalid>();
    }

    [Theory]
    [InlineData("a b", "c")]
    [InlineData("", "c")]
    [InlineData("a/b/c", "d")]
    [InlineData("Upper.Prefix/a", "b")]
    [InlineData("a", "b c")]
    [InlineData("a", "-b")]
    [InlineData("a", "b1234567890123456789012345678901234567890123456789012345678901234")]
    public async Task Create_WithABadLabel_IsInvalid(string key, string value)
    {
        var outcome = await Store.CreateAsync(Devices, Pi("pi-1", (key, value)), Stop);

        outcome.ShouldBeOfType<StoreOutcome<Device>.Invalid>().Reason.ShouldContain("labels");
    }

    [Fact]
    public async Task Create_OfAnotherKind_IsInvalid()
    {
        (await Store.CreateAsync(Deployments, Web() with { Kind = "Device" }, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Invalid>();
        (await Store.CreateAsync(Deployments, Web() with { ApiVersion = "v1" }, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Invalid>();
    }

    [Fact]
    public async Task Create_LargerThanTheLimit_IsInvalidAndStoresNothing()
    {
        var large = Pi("pi-1") with
        {
            Metadata = new ObjectMeta { Name = "pi-1", Annotations = ImmutableSortedDictionary<string, string>.Empty.Add("a", new string('x', 300 * 1024)) },
        };

        (await Store.CreateAsync(Devices, large, Stop)).ShouldBeOfType<StoreOutcome<Device>.Invalid>();
        (await ListedAsync(Devices)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Get_OfNothing_IsNotFound() =>
        (await Store.GetAsync(Deployments, new ResourceKey("plant", "web"), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.NotFound>();

    [Fact]
    public async Task Get_OfAnotherKindOfTheSameName_IsNotFound()
    {
        await CreatedAsync(Web());

        (await Store.GetAsync(Devices, new ResourceKey(null, "web"), Stop)).ShouldBeOfType<StoreOutcome<Device>.NotFound>();
    }
}
