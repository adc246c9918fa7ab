using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Tests.Conformance;

/// <summary>What every <see cref="IContainerRuntime"/> must do. Derive, give it a runtime without containers, and the suite runs on it.</summary>
public abstract class ContainerRuntimeConformance
{
    private const string Device = "conformance";
    private const string MissingImage = "localhost/nowhere:1";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>The runtime under test.</summary>
    protected abstract IContainerRuntime Runtime { get; }

    /// <summary>An image that is there, whose container runs until it is stopped.</summary>
    protected abstract string Image { get; }

    /// <summary>A port that nobody listens on.</summary>
    protected abstract int FreePort { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Info_Answering_NamesAVersion() => Ok(await Runtime.InfoAsync(Stop)).Version.ShouldNotBeEmpty();

    [Fact]
    public async Task EnsureImage_Twice_GivesTheSameId()
    {
        var id = Ok(await Runtime.EnsureImageAsync(Image, Stop));
        id.Length.ShouldBe(64);
        Ok(await Runtime.EnsureImageAsync(Image, Stop)).ShouldBe(id);
    }

    [Fact]
    public async Task FindImage_PullsNothing()
    {
        var id = Ok(await Runtime.EnsureImageAsync(Image, Stop));
        Ok(await Runtime.FindImageAsync(Image, Stop)).ShouldBe(id);
        (await Runtime.FindImageAsync(MissingImage, Stop)).Fault!.Kind.ShouldBe(FaultKind.NotFound);
    }

    [Fact]
    public async Task EnsureImage_Nowhere_SaysSo()
    {
        var failure = (await Runtime.EnsureImageAsync(MissingImage, Stop)).Fault!;
        failure.Kind.ShouldBeOneOf(FaultKind.Permanent, FaultKind.Transient);
        failure.What.ShouldContain(MissingImage);
    }

    [Fact]
    public async Task Create_EverythingSet_ShowsNoDrift()
    {
        var spec = await SpecAsync(it => it with
        {
            Env = it.Env.Add("MODE", "a b=c").Add("EMPTY", string.Empty),
            Ports = [new(8080, FreePort, "127.0.0.1", "tcp")],
            Mounts = [new(MountKind.Volume, "conformance-data", "/data", ReadOnly: true)],
            RestartPolicy = RestartPolicy.OnFailure,
            StopTimeoutSeconds = 7,
            MemoryBytes = 64 << 20,
            CpuMillicores = 250,
        });
        var id = Ok(await Runtime.CreateAsync(spec, Stop));
        var made = await OnlyAsync(spec);
        (made.Id, made.State, made.Restarts).ShouldBe((id, ContainerState.Created, 0));
        Drift.Between(spec, made).ShouldBeEmpty();
        Ok(await Runtime.StartAsync(id, Stop));
        Drift.Between(spec, await OnlyAsync(spec)).ShouldBeEmpty();
        Ok(await Runtime.RemoveAsync(id, Stop));
    }

    [Fact]
    public async Task Life_EachStepTwice_IsSuccess()
    {
        var spec = await SpecAsync();
        var id = Ok(await Runtime.CreateAsync(spec, Stop));
        Ok(await Runtime.StartAsync(spec.Name, Stop));
        Ok(await Runtime.StartAsync(id, Stop));
        var running = await OnlyAsync(spec);
        running.State.ShouldBe(ContainerState.Running);
        running.StartedAt.ShouldNotBeNull();
        Ok(await Runtime.StopAsync(id, Grace, Stop));
        Ok(await Runtime.StopAsync(spec.Name, Grace, Stop));
        (await OnlyAsync(spec)).State.ShouldBe(ContainerState.Exited);
        Ok(await Runtime.StartAsync(id, Stop));
        Ok(await Runtime.RemoveAsync(id, Stop));
        Ok(await Runtime.RemoveAsync(id, Stop));
        Ok(await Runtime.StopAsync(id, Grace, Stop));
        (await AllAsync(spec)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Observe_OthersContainers_AreNotShown()
    {
        var mine = await SpecAsync();
        var other = await SpecAsync(it => it with { Name = it.Name + "-other", Labels = it.Labels.SetItem(ContainerLabels.Device, "somebody") });
        Ok(await Runtime.CreateAsync(mine, Stop));
        Ok(await Runtime.CreateAsync(other, Stop));
        (await AllAsync(mine)).ShouldAllBe(container => container.Name != other.Name);
        Ok(await Runtime.RemoveAsync(mine.Name, Stop));
        Ok(await Runtime.RemoveAsync(other.Name, Stop));
    }

    [Fact]
    public async Task Create_NameTaken_IsAConflict()
    {
        var spec = await SpecAsync();
        Ok(await Runtime.CreateAsync(spec, Stop));
        (await Runtime.CreateAsync(spec, Stop)).Fault!.Kind.ShouldBe(FaultKind.Conflict);
        Ok(await Runtime.RemoveAsync(spec.Name, Stop));
    }

    [Fact]
    public async Task Create_ImageNotThere_IsPermanent()
    {
        var spec = await SpecAsync(it => it with { Image = MissingImage });
        (await Runtime.CreateAsync(spec, Stop)).Fault!.Kind.ShouldBe(FaultKind.Permanent);
    }

    [Fact]
    public async Task Create_FolderNotThere_IsPermanentAndNamesIt()
    {
        var spec = await SpecAsync(it => it with { Mounts = [new(MountKind.Bind, "/no/such/folder", "/data", ReadOnly: false)] });
        var failure = (await Runtime.CreateAsync(spec, Stop)).Fault!;
        failure.Kind.ShouldBe(FaultKind.Permanent);
        failure.What.ShouldContain("/no/such/folder");
    }

    [Fact]
    public async Task Start_NobodyOfThatName_IsNotFound() =>
        (await Runtime.StartAsync("nobody", Stop)).Fault!.Kind.ShouldBe(FaultKind.NotFound);

    [Fact]
    public async Task Start_PortTaken_IsTransientUntilItIsFree()
    {
        ImmutableArray<PortMapping> port = [new(8080, FreePort, string.Empty, "tcp")];
        var first = await SpecAsync(it => it with { Ports = port });
        var second = await SpecAsync(it => it with { Ports = port, Name = it.Name + "-2" });
        Ok(await Runtime.CreateAsync(first, Stop));
        Ok(await Runtime.CreateAsync(second, Stop));
        Ok(await Runtime.StartAsync(first.Name, Stop));
        (await Runtime.StartAsync(second.Name, Stop)).Fault!.Kind.ShouldBe(FaultKind.Transient);
        Ok(await Runtime.RemoveAsync(first.Name, Stop));
        Ok(await Runtime.StartAsync(second.Name, Stop));
        Ok(await Runtime.RemoveAsync(second.Name, Stop));
    }

    [Fact]
    public async Task Logs_NobodyOfThatName_BreakAsNotFound() =>
        (await Should.ThrowAsync<ContainerRuntimeException>(async () => await Runtime.LogsAsync("nobody", 10, follow: false, Stop).GetAsyncEnumerator(Stop).MoveNextAsync()))
            .Fault.Kind.ShouldBe(FaultKind.NotFound);

    [Fact]
    public async Task Events_SomethingHappens_NamesTheContainer()
    {
        var spec = await SpecAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using var events = Runtime.EventsAsync(ContainerLabels.Device, spec.Labels[ContainerLabels.Device], end.Token).GetAsyncEnumerator(end.Token);
        var next = events.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
        {
            // The stream is open when it is open; until then nothing is heard.
            Ok(await Runtime.CreateAsync(spec, Stop));
            Ok(await Runtime.StartAsync(spec.Name, Stop));
            Ok(await Runtime.RemoveAsync(spec.Name, Stop));
        }

        (await next).ShouldBeTrue();
        events.Current.ShouldBe(spec.Name);
        await end.CancelAsync();
    }

    private static T Ok<T>(Outcome<T> result) => result.IsOk ? result.Value : throw new ShouldAssertException($"{result.Fault.Kind}: {result.Fault.ToString()}");

    /// <summary>A spec of this test's own, with the labels that the agent gives.</summary>
    private async Task<ContainerSpec> SpecAsync(Func<ContainerSpec, ContainerSpec>? change = null, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        var name = "conformance." + test.ToLowerInvariant().Replace('_', '-');
        var spec = new ContainerSpec
        {
            Name = name,
            Image = Image,
            StopTimeoutSeconds = 2,
            Labels = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [ContainerLabels.Device] = Device + "-" + name,
                [ContainerLabels.Image] = Image,
                [ContainerLabels.ImageId] = Ok(await Runtime.EnsureImageAsync(Image, Stop)),
            }),
        };
        return change?.Invoke(spec) ?? spec;
    }

    private async Task<ImmutableArray<ObservedContainer>> AllAsync(ContainerSpec spec) =>
        Ok(await Runtime.ObserveAsync(ContainerLabels.Device, spec.Labels[ContainerLabels.Device], Stop));

    private async Task<ObservedContainer> OnlyAsync(ContainerSpec spec) => (await AllAsync(spec)).ShouldHaveSingleItem();
}
