using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Tests.EndToEnd.Fleet;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.EndToEnd.Scenarios;

[Trait("Category", "Integration")]
public sealed class FaultTests(FleetFixture fixture) : IClassFixture<FleetFixture>
{
    private const string Nats = "nats/nats.conf";
    private const string Operator = "operator/operator.json";

    private RunningFleet Fleet => fixture.Fleet;

    private string Agent => $"devices/{Fleet.Device}/agent.json";

    [Fact]
    public async Task Nats_KilledAndRestarted_NothingRestartsAndChangesArrive()
    {
        var untouched = await StandingAsync("nats-keep");
        await Fleet.KillAsync(Nats);

        await ChangeArrivesAsync("nats-after");
        await IsUntouchedAsync("nats-keep", untouched);
    }

    [Fact]
    public async Task JetStreamFolder_Removed_NoContainerIsTouchedAndEverythingIsRebuilt()
    {
        var untouched = await StandingAsync("js-keep");
        await Fleet.SignalAsync(Nats, "STOP");
        Directory.Delete(Path.Combine(Fleet.DataFolder, "nats", "jetstream"), recursive: true);
        await Fleet.KillAsync(Nats);

        await ChangeArrivesAsync("js-after");
        await Fleet.Api.UntilConvergedAsync("js-keep");
        await IsUntouchedAsync("js-keep", untouched);
        (await Fleet.Api.DeviceAsync(Fleet.Device.Value)).ShouldNotBeNull()
            .Status!.Conditions.ShouldContain(condition => condition.Type == ConditionTypes.Reachable && condition.Status == ConditionStatus.True);
    }

    [Fact]
    public async Task Operator_KilledInMidApply_Converges()
    {
        var untouched = await StandingAsync("op-keep");
        var port = FreePort.Next();
        await Fleet.Api.ApplyAsync(Web.Deployment("op-mid", 1, port));
        await Fleet.KillAsync(Operator);

        await Fleet.Api.UntilConvergedAsync("op-mid");
        await Web.ShowsAsync(port, HelloWebImage.Greeting(1));
        await IsUntouchedAsync("op-keep", untouched);
    }

    [Fact]
    public async Task Agent_KilledAndRestarted_KeepsItsContainers()
    {
        var untouched = await StandingAsync("agent-keep");
        await Fleet.KillAsync(Agent);

        await ChangeArrivesAsync("agent-after");
        await IsUntouchedAsync("agent-keep", untouched);
    }

    [Fact]
    public async Task Everything_KilledAtOnce_ConvergesWithTheSameContainers()
    {
        var untouched = await StandingAsync("all-keep");
        await Task.WhenAll(Fleet.KillAsync(Nats), Fleet.KillAsync(Operator), Fleet.KillAsync(Agent));

        await ChangeArrivesAsync("all-after");
        await IsUntouchedAsync("all-keep", untouched);
    }

    /// <summary>For longer than a device may be silent: what it said meanwhile waits, and is heard first.</summary>
    [Fact]
    public async Task Operator_StoodStill_NoDeviceWasSilent()
    {
        await Eventually.HoldsAsync(async () => (await ReachableAsync()).Status == ConditionStatus.True, "it is reachable", TimeSpan.FromSeconds(60));
        var before = await ReachableAsync();
        await Fleet.SignalAsync(Operator, "STOP");
        await Task.Delay(TimeSpan.FromSeconds(100), TestContext.Current.CancellationToken);
        await Fleet.SignalAsync(Operator, "CONT");

        await ChangeArrivesAsync("pause-after");
        (await ReachableAsync()).ShouldBe(before);
        var log = await File.ReadAllTextAsync(Path.Combine(Fleet.DataFolder, "logs", "operator.log"), TestContext.Current.CancellationToken);
        log.ShouldContain("This process stood still for 1");
        log[log.IndexOf("stood still", StringComparison.Ordinal)..].ShouldNotContain("is unreachable");
    }

    [Fact]
    public async Task SecondAgentOfADevice_ComesAndGoes_AndTheFirstAnswersAgain()
    {
        using var folder = new TempFolder();
        await Eventually.HoldsAsync(() => Fleet.Api.AnswersAsync(Fleet.Device.Value), "it answers");
        await using (var copy = await Fleet.StartCopyOfAgentAsync(folder.File("state")))
        {
            await Eventually.HoldsAsync(
                async () => await Fleet.Api.AnswersAsync(Fleet.Device.Value) && copy.Output.Contains("Command ping", StringComparison.Ordinal), "the copy is asked in its place");
            await copy.StopAsync();
        }

        // It knows that the other is gone after three of its signs of life, half a minute apart and jittered.
        await Eventually.HoldsAsync(() => Fleet.Api.AnswersAsync(Fleet.Device.Value), "the one that is left answers again", TimeSpan.FromSeconds(180));
    }

    private async Task<Condition> ReachableAsync() =>
        (await Fleet.Api.DeviceAsync(Fleet.Device.Value))!.Status!.Conditions.Single(condition => condition.Type == ConditionTypes.Reachable);

    private async Task<ObservedContainer> StandingAsync(string name)
    {
        await Fleet.Api.ApplyAsync(Web.Deployment(name, 1, FreePort.Next()));
        await Fleet.Api.UntilConvergedAsync(name);
        return await Fleet.ContainerAsync(name);
    }

    private async Task ChangeArrivesAsync(string name)
    {
        var port = FreePort.Next();
        await Fleet.Api.ApplyAsync(Web.Deployment(name, 2, port));
        await Fleet.Api.UntilConvergedAsync(name);
        await Web.ShowsAsync(port, HelloWebImage.Greeting(2));
    }

    private async Task IsUntouchedAsync(string name, ObservedContainer before)
    {
        var after = await Fleet.ContainerAsync(name);
        after.Id.ShouldBe(before.Id);
        after.StartedAt.ShouldBe(before.StartedAt);
        after.State.ShouldBe(ContainerState.Running);
    }
}
