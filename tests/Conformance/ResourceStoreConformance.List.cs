using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Conformance;

public abstract partial class ResourceStoreConformance
{
    [Fact]
    public async Task List_OfNothing_IsEmptyAndHasAVersion()
    {
        var list = await ListedAsync(Deployments);

        list.Items.ShouldBeEmpty();
        list.Metadata.ResourceVersion.ShouldNotBeNullOrEmpty();
        list.Metadata.Continue.ShouldBeNull();
    }

    [Fact]
    public async Task List_All_IsByNamespaceAndName()
    {
        foreach (var (ns, name) in new[] { ("b", "a"), ("a", "z"), ("a", "b1"), ("a", "b-2"), ("ab", "a") })
        {
            await CreatedAsync(Web(name, ns));
        }

        (await ListedAsync(Deployments)).Items.Select(item => $"{item.Metadata.Namespace}/{item.Metadata.Name}").ShouldBe(["a/b-2", "a/b1", "a/z", "ab/a", "b/a"]);
    }

    [Fact]
    public async Task List_OfANamespace_HasNoOthers()
    {
        await CreatedAsync(Web("one", "a"));
        await CreatedAsync(Web("two", "b"));

        (await ListedAsync(Deployments, new ListOptions { Namespace = "b" })).Items.ShouldHaveSingleItem().Metadata.Name.ShouldBe("two");
    }

    [Fact]
    public async Task List_WithALimit_PagesThroughAll()
    {
        await FillAsync(7);

        var (names, pages) = await PagedAsync(limit: 3, betweenPages: () => Task.CompletedTask);

        names.ShouldBe(["pi-0", "pi-1", "pi-2", "pi-3", "pi-4", "pi-5", "pi-6"]);
        pages.ShouldBe(3);
    }

    [Fact]
    public async Task List_WhoseLastPageIsFull_EndsThere()
    {
        await FillAsync(6);

        (await PagedAsync(limit: 3, betweenPages: () => Task.CompletedTask)).Pages.ShouldBe(2);
    }

    [Fact]
    public async Task List_WhileResourcesChange_ShowsOneMoment()
    {
        await FillAsync(6);
        var first = await ListedAsync(Devices, new ListOptions { Limit = 2 });

        await CreatedAsync(Pi("pi-35"));
        Done(await Store.DeleteAsync(Devices, new ResourceKey(null, "pi-4"), DeletePreconditions.None, Stop));
        await RelabelAsync("pi-3", "later");
        await RelabelAsync("pi-3", "latest");
        Done(await Store.DeleteAsync(Devices, new ResourceKey(null, "pi-5"), DeletePreconditions.None, Stop));
        await CreatedAsync(Pi("pi-5", ("made", "anew")));
        var second = await ListedAsync(Devices, new ListOptions { Continue = first.Metadata.Continue });

        second.Items.Select(item => item.Metadata.Name).ShouldBe(["pi-2", "pi-3", "pi-4", "pi-5"]);
        second.Items.ShouldAllBe(item => item.Metadata.Labels["n"] == item.Metadata.Name.Substring(3));
        second.Metadata.ResourceVersion.ShouldBe(first.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task List_ContinuedTooLate_IsGone()
    {
        await FillAsync(4);
        var first = await ListedAsync(Devices, new ListOptions { Limit = 2 });

        await ForgetHistoryAsync();

        var late = await Store.ListAsync(Devices, new ListOptions { Limit = 2, Continue = first.Metadata.Continue }, Stop);
        late.ShouldBeOfType<ListOutcome<Device>.Gone>().Reason.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("nonsense!")]
    [InlineData("bm9uc2Vuc2U")]
    [InlineData("AAAA")]
    public async Task List_WithAForgedContinue_IsInvalid(string token) =>
        (await Store.ListAsync(Devices, new ListOptions { Limit = 2, Continue = token }, Stop)).ShouldBeOfType<ListOutcome<Device>.Invalid>();

    [Fact]
    public async Task List_WithANegativeLimit_IsInvalid() =>
        (await Store.ListAsync(Devices, new ListOptions { Limit = -1 }, Stop)).ShouldBeOfType<ListOutcome<Device>.Invalid>();

    [Fact]
    public async Task List_WithASelector_ShowsThoseThatMatch()
    {
        await CreatedAsync(Pi("pi-1", ("site", "a"), ("arm", "64")));
        await CreatedAsync(Pi("pi-2", ("site", "b")));
        await CreatedAsync(Pi("pi-3", ("site", "c")));
        await CreatedAsync(Pi("pi-4"));

        (await NamesAsync(Where("site", "In", "a", "b"))).ShouldBe(["pi-1", "pi-2"]);
        (await NamesAsync(Where("site", "NotIn", "a", "b"))).ShouldBe(["pi-3", "pi-4"]);
        (await NamesAsync(Where("site", "Exists"))).ShouldBe(["pi-1", "pi-2", "pi-3"]);
        (await NamesAsync(Where("site", "DoesNotExist"))).ShouldBe(["pi-4"]);
        (await NamesAsync(new LabelSelector { MatchLabels = ImmutableSortedDictionary<string, string>.Empty.Add("site", "a") })).ShouldBe(["pi-1"]);
    }

    [Fact]
    public async Task List_WithASelectorAndALimit_FillsItsPages()
    {
        for (var i = 0; i < 9; i++)
        {
            await CreatedAsync(Pi($"pi-{i}", ("third", i % 3 == 0 ? "yes" : "no")));
        }

        var selector = Where("third", "In", "yes");
        var first = await ListedAsync(Devices, new ListOptions { LabelSelector = selector, Limit = 2 });
        var second = await ListedAsync(Devices, new ListOptions { LabelSelector = selector, Limit = 2, Continue = first.Metadata.Continue });

        first.Items.Select(item => item.Metadata.Name).ShouldBe(["pi-0", "pi-3"]);
        second.Items.Select(item => item.Metadata.Name).ShouldBe(["pi-6"]);
        second.Metadata.Continue.ShouldBeNull();
    }

    [Fact]
    public async Task List_WithAWrongSelector_IsInvalid()
    {
        var outcome = await Store.ListAsync(Devices, new ListOptions { LabelSelector = Where("site", "Near", "a") }, Stop);

        outcome.ShouldBeOfType<ListOutcome<Device>.Invalid>().Reason.ShouldContain("Near");
    }

    private static LabelSelector Where(string key, string op, params ImmutableArray<string> values) =>
        new() { MatchExpressions = [new LabelSelectorRequirement { Key = key, Operator = op, Values = values }] };

    private async Task<IEnumerable<string>> NamesAsync(LabelSelector selector) =>
        (await ListedAsync(Devices, new ListOptions { LabelSelector = selector })).Items.Select(item => item.Metadata.Name);

    private async Task FillAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await CreatedAsync(Pi($"pi-{i}", ("n", $"{i}")));
        }
    }

    private async Task<Device> RelabelAsync(string name, string value)
    {
        var device = await StoredAsync(Devices, Pi(name));
        var labels = device!.Metadata.Labels.SetItem("n", value);
        return Done(await Store.UpdateAsync(Devices, device with { Metadata = device.Metadata with { Labels = labels } }, Stop));
    }

    private async Task<(List<string> Names, int Pages)> PagedAsync(int limit, Func<Task> betweenPages)
    {
        var (names, pages) = (new List<string>(), 0);
        string? next = null;
        do
        {
            var page = await ListedAsync(Devices, new ListOptions { Limit = limit, Continue = next });
            names.AddRange(page.Items.Select(item => item.Metadata.Name));
            next = page.Metadata.Continue;
            pages++;
            await betweenPages();
        }
        while (next is not null);
        return (names, pages);
    }
}
