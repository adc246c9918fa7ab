using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Agent.Reconciling;

/// <summary>What takes long, or fails for a moment, holds nothing else up.</summary>
public sealed class HeldUpTests : IAsyncDisposable
{
    private static readonly byte[] V1 = ControlPlane.Score(ControlPlane.Container());
    private static readonly byte[] V2 = ControlPlane.Score(ControlPlane.Container(image: "app:2"));

    private readonly AgentRig rig = new();

    /// <summary>A power cut in the middle of two upgrades over a slow link.</summary>
    [Fact]
    public async Task PullsInEveryPlace_WhatNeedsNoneGoesOn()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("one", V1), ("two", V1), ("web", V1)));
        var pulling = 0;
        rig.Runtime.BeforePull = (_, token) =>
        {
            Interlocked.Increment(ref pulling);
            return Task.Delay(Timeout.Infinite, token);
        };
        var other = ControlPlane.Score(ControlPlane.Container(image: "other:1"));
        await rig.Operator.WantAsync(("one", V2), ("two", other), ("web", V1));
        await Eventually.HoldsAsync(() => pulling == rig.Options.Concurrency, "both pull");
        rig.Runtime.End("acme.web.app", 0);
        await Eventually.HoldsAsync(() => rig.Runtime.Containers.Single(it => it.Name == "acme.web.app").State == ContainerState.Running, "the third is started");
        await rig.Runtime.RemoveAsync("acme.web.app", TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(
            () => rig.Runtime.Containers.Any(it => it is { Name: "acme.web.app", State: ContainerState.Running }), "and made again from the image that is there");
        rig.Runtime.Containers.Length.ShouldBe(3);
    }

    [Fact]
    public async Task OneLookFails_WhatFailedBeforeIsNotTriedSooner()
    {
        rig.Options = rig.Options with { BackOff = new BackOff(TimeSpan.FromHours(1), TimeSpan.FromHours(1)) };
        var (tries, hiccups) = (0, 0);
        rig.Runtime.Fault = (operation, _) => operation switch
        {
            "create" => Failure(ref tries),
            "observe" when Interlocked.Exchange(ref hiccups, 0) == 1 => new Fault(FaultKind.Unreachable, "Not just now."),
            _ => null,
        };
        await rig.StartAsync();
        await rig.Operator.WantAsync(("web", V1));
        await rig.ReportsAsync(it => it.Deployments is [{ Phase: Phase.Failed }], "it fails");
        hiccups = 1;
        await LookAsync();
        hiccups.ShouldBe(0, "one look failed");
        await LookAsync();
        await LookAsync();
        tries.ShouldBe(1);
    }

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    private static Fault Failure(ref int count)
    {
        Interlocked.Increment(ref count);
        return new Fault(FaultKind.Transient, "Not now.");
    }

    /// <summary>A new manifest that changes nothing makes the agent look; and when it looks once more, all that the first look led to has begun.</summary>
    private async Task LookAsync()
    {
        for (var look = 0; look < 2; look++)
        {
            var before = rig.Runtime.Observations;
            await rig.Operator.WantAsync(("web", V1));
            await Eventually.HoldsAsync(() => rig.Runtime.Observations > before, "it looks");
        }
    }
}
