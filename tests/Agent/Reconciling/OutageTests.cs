using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Agent.Reconciling;

public sealed class OutageTests : IAsyncDisposable
{
    private static readonly byte[] V1 = ControlPlane.Score(ControlPlane.Container(port: 80));
    private static readonly byte[] V2 = ControlPlane.Score(ControlPlane.Container(image: "app:2", port: 80));

    private readonly AgentRig rig = new();

    [Fact]
    public async Task PodmanAwayThenBack_IsSaidAndNothingIsMadeAnew()
    {
        rig.Options = rig.Options with { ResyncInterval = TimeSpan.FromMilliseconds(10) };
        await rig.StartAsync();
        var generation = await rig.Operator.WantAsync(("web", V1));
        await rig.RunsAsync(generation);
        var writes = rig.Runtime.Writes;

        rig.Runtime.Leave("There is no socket.");
        var report = await rig.ReportsAsync(it => it.Deployments is [{ Phase: Phase.Failed }], "nothing is said to run");
        report.Deployments[0].LastError.ShouldBe("Podman does not answer: There is no socket.");
        await rig.InfoAsync(info => info.HealthFlags.Contains("PodmanUnavailable"), "the flag is up");

        rig.Runtime.Away = null;
        await rig.RunsAsync(generation);
        await rig.InfoAsync(info => info.HealthFlags.IsEmpty, "the flag is down");
        rig.Runtime.Writes.ShouldBe(writes);
    }

    [Fact]
    public async Task PodmanAbsentAtTheStart_IsFailedAndThenRuns()
    {
        rig.Runtime.Leave("There is no socket.");
        await rig.StartAsync();
        var generation = await rig.Operator.WantAsync(("web", V1));
        await rig.ReportsAsync(it => it.ManifestGeneration == generation && it.Deployments is [{ Phase: Phase.Failed }], "it fails");
        rig.Runtime.Away = null;
        await rig.RunsAsync(generation);
    }

    [Fact]
    public async Task PowerCutWithoutNetwork_StartsWhatStood()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        await rig.StopAsync();
        rig.Bus.GoDown();
        rig.Runtime.End("acme.web.app", 0);
        await rig.StartAsync();
        await Eventually.HoldsAsync(() => rig.Runtime.Containers.Single().State == ContainerState.Running, "it runs again, without the bus");
    }

    [Fact]
    public async Task PowerCutWithoutNetwork_MakesWhatIsMissingFromKeptScores()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        await rig.StopAsync();
        rig.Bus.GoDown();
        await rig.Runtime.RemoveAsync("acme.web.app", TestContext.Current.CancellationToken);
        await rig.StartAsync();
        await Eventually.HoldsAsync(() => rig.Runtime.Containers is [{ State: ContainerState.Running }], "it is made again, without the bus");
    }

    /// <summary>The next version was announced, and then came the power cut: what stood stands again until that version is there.</summary>
    [Fact]
    public async Task PowerCutBeforeTheNewScoreArrived_StartsWhatStood()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        var generation = await rig.Operator.WantUnscoredAsync(("web", V2));
        await rig.ReportsAsync(report => report.ManifestGeneration == generation, "the next manifest is taken");
        await rig.StopAsync();
        rig.Bus.GoDown();
        rig.Runtime.End("acme.web.app", 0);
        await rig.StartAsync();
        await Eventually.HoldsAsync(() => rig.Runtime.Containers.Single() is { State: ContainerState.Running, Image: "localhost/app:1" }, "it runs again, without the bus");
    }

    [Fact]
    public async Task BucketsLost_ChangesNothing_AndAllIsReportedAgain()
    {
        await rig.StartAsync();
        var generation = await rig.Operator.WantAsync(("web", V1));
        await rig.RunsAsync(generation);
        var writes = rig.Runtime.Writes;
        rig.Bus.GoDown();
        foreach (var bucket in new[] { BucketNames.DesiredState, BucketNames.DeviceState, BucketNames.DeviceInfo, BucketNames.Scores })
        {
            rig.Broker.LoseBucket(bucket);
        }

        await rig.Operator.EnsureBucketsAsync();
        rig.Bus.GoUp();
        await rig.RunsAsync(generation);
        await rig.InfoAsync(_ => true, "the info is there again");
        rig.Runtime.Writes.ShouldBe(writes);
    }

    [Fact]
    public async Task Reconnect_PutsInfoAndReportAgain_UnderANewNonce()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        var (report, info) = ((await rig.Operator.ReportAsync())!, await rig.InfoAsync(_ => true, "an info"));
        rig.Bus.GoDown();
        rig.Bus.GoUp();
        await rig.ReportsAsync(it => it.Sequence > report.Sequence && it.Instance == report.Instance, "a newer report");
        (await rig.InfoAsync(it => it.CommandNonce != info.CommandNonce, "a new nonce")).Instance.ShouldBe(info.Instance);
    }

    [Fact]
    public async Task ManifestPutWhileAway_IsReadAtTheConnect()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        rig.Bus.GoDown();
        var generation = await rig.Operator.WantAsync(("web", V2));
        rig.Bus.GoUp();
        await rig.RunsAsync(generation);
        rig.Runtime.Containers.Single().Labels[ContainerLabels.Image].ShouldBe("app:2");
    }

    [Fact]
    public async Task HintLost_IsReadOnTheTimer()
    {
        rig.Options = rig.Options with { ManifestInterval = TimeSpan.FromMilliseconds(20) };
        rig.Broker.Tamper = _ => [];
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
    }

    [Theory]
    [InlineData(-3650)]
    [InlineData(3650)]
    public async Task ClockSetByYears_GoesOn(int days)
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        rig.Clock.Shift = TimeSpan.FromDays(days);
        var report = await rig.RunsAsync(await rig.Operator.WantAsync(("web", V2)));
        (report.At - TimeProvider.System.GetUtcNow()).TotalDays.ShouldBe(days, tolerance: 1);
        rig.Runtime.Fault = (operation, _) => operation == "start" ? new(Core.Outcomes.FaultKind.Transient, "Not now.") : null;
        var next = await rig.Operator.WantAsync(("web", V1));
        await rig.ReportsAsync(it => it.Deployments is [{ Phase: Phase.Failed }], "it fails");
        rig.Clock.Shift = -rig.Clock.Shift;
        rig.Runtime.Fault = null;
        await rig.RunsAsync(next);
    }

    [Fact]
    public async Task StateDamaged_KeepsWhatStands_AndFetchesAnew()
    {
        await rig.StartAsync();
        var generation = await rig.Operator.WantAsync(("web", V1));
        await rig.RunsAsync(generation);
        var id = rig.Runtime.Containers.Single().Id;
        await rig.StopAsync();
        foreach (var file in Directory.EnumerateFiles(rig.StateFolder, "manifest*"))
        {
            var bytes = File.ReadAllBytes(file);
            bytes[^1] ^= 1;
            File.WriteAllBytes(file, bytes);
        }

        rig.Runtime.End("acme.web.app", 0);
        rig.Bus.GoDown();
        await rig.StartAsync();
        await Eventually.HoldsAsync(() => rig.Runtime.Containers is [{ State: ContainerState.Running }], "what stood is started, and no more");
        rig.Bus.GoUp();
        await rig.RunsAsync(generation);
        await rig.InfoAsync(info => info.HealthFlags.IsEmpty, "all is well again");
        rig.Runtime.Containers.Single().Id.ShouldBe(id);
    }

    [Fact]
    public async Task StateNotWritable_TakesNoManifestAndSaysSoOnce()
    {
        CountedState state = null!;
        rig.WrapState = inner => state = new CountedState(inner);
        await rig.StartAsync();
        await Eventually.HoldsAsync(() => IsReplacedByAFile(rig.StateFolder), "the folder of the state is a file");
        var generation = await rig.Operator.WantAsync(("web", V1));
        await rig.InfoAsync(info => info.HealthFlags.Contains("StateNotWritable"), "the flag is up");
        rig.Runtime.Writes.ShouldBeEmpty();
        await Eventually.HoldsAsync(() => state.Saves > 20, "it is tried again and again");
        rig.Logged(4004).ShouldBe(1, "and told once");
        File.Delete(rig.StateFolder);
        await rig.RunsAsync(generation);
        await rig.InfoAsync(info => info.HealthFlags.IsEmpty, "the flag is down");
    }

    /// <summary>What is tried again for ever is told at once, and then once an hour.</summary>
    [Fact]
    public async Task BucketsThatAreLost_AreToldOnce_HoweverOftenTheyAreAsked()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        rig.Bus.GoDown();
        rig.Broker.LoseBucket(BucketNames.DesiredState);
        rig.Broker.LoseBucket(BucketNames.DeviceState);
        rig.Bus.GoUp();
        await Eventually.HoldsAsync(() => rig.Logged(4022) > 0 && rig.Logged(4211) > 0, "both are told");
        var failed = rig.Bus.Failed;
        await Eventually.HoldsAsync(() => rig.Bus.Failed > failed + 50, "it is tried again and again");
        (rig.Logged(4022), rig.Logged(4211)).ShouldBe((1, 1));
    }

    [Fact]
    public async Task DeploymentThatFails_IsToldOnce_HoweverOftenItIsTried()
    {
        var starts = 0;
        rig.Runtime.Fault = (operation, _) => operation == "start" && Interlocked.Increment(ref starts) > 0 ? new(Core.Outcomes.FaultKind.Transient, "Not now.") : null;
        await rig.StartAsync();
        await rig.Operator.WantAsync(("web", V1));
        await Eventually.HoldsAsync(() => Volatile.Read(ref starts) > 10, "it is tried again and again");
        rig.Logged(4111).ShouldBe(1);
        rig.Runtime.Fault = null;
    }

    /// <summary>The disk is full for a moment, and after the power cut there is no network.</summary>
    [Fact]
    public async Task ScoreNotKept_IsSaid_AndKeptWhenTheDiskHasRoom()
    {
        await rig.StartAsync();
        var scores = Path.Combine(rig.StateFolder, "scores");
        File.WriteAllText(scores, "a file where a folder should be");
        var generation = await rig.Operator.WantAsync(("web", V1));
        await rig.RunsAsync(generation);
        await rig.InfoAsync(info => info.HealthFlags.Contains("ScoresNotKept"), "the flag is up");
        File.Delete(scores);
        await rig.InfoAsync(info => info.HealthFlags.IsEmpty, "the flag is down");
        await rig.StopAsync();
        rig.Bus.GoDown();
        await rig.Runtime.RemoveAsync("acme.web.app", TestContext.Current.CancellationToken);
        await rig.StartAsync();
        await Eventually.HoldsAsync(() => rig.Runtime.Containers is [{ State: ContainerState.Running }], "it is made again, without the bus");
    }

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    // The agent, which runs, may make the folder again just then.
    private static bool IsReplacedByAFile(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            File.WriteAllText(folder, string.Empty);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
