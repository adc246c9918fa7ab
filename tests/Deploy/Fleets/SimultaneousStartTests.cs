using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>Several who start one fleet at the same time: one starts it, the others find it started.</summary>
[Trait("Category", "Integration")]
public sealed class SimultaneousStartTests
{
    [Fact]
    public async Task UpDetached_ByThreeAtTheSameTime_IsOneFleet_AndNobodyIsToldOfAnError()
    {
        await using var folder = new FleetFolder();
        var calls = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => folder.RunAsync("up", "--detach", "--devices", "0")));
        calls.ShouldAllBe(call => call.Code == 0 && !call.Errors.Contains("error", StringComparison.Ordinal));
        calls.Count(call => call.Errors.Contains($"It goes on in the background: fleet down --data {folder.Path} ends it.\n", StringComparison.Ordinal)).ShouldBe(1);
        calls.Count(call => call.Errors.Contains("The fleet runs already (process ", StringComparison.Ordinal)).ShouldBe(2);
        calls.ShouldAllBe(call => call.Errors.Contains("The fleet is up: 0 devices.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UpDetached_WhileAnotherTerminalStartsIt_WaitsAndAddsItsDevices()
    {
        await using var folder = new FleetFolder();
        using var first = await CliCall.BeginAsync("up", "--devices", "0", "--data", folder.Path);
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(folder.Path, "run/state.json")), "it is being started");
        var second = await folder.RunAsync("up", "--detach", "--devices", "1");
        second.Code.ShouldBe(0, second.Errors);
        second.Errors.ShouldNotContain("error");
        (await folder.StatusAsync()).GetProperty("devices").GetInt32().ShouldBe(1);
        (await folder.RunAsync("down", "--now")).Code.ShouldBe(0);
        (await first.EndAsync()).Code.ShouldBe(130);
    }

    [Fact]
    public async Task UpDetached_WhoseStarterIsKilled_StartsItItself()
    {
        await using var folder = new FleetFolder();
        using (var first = await CliCall.BeginAsync("up", "--detach", "--devices", "0", "--data", folder.Path))
        {
            await Eventually.HoldsAsync(() => File.Exists(Path.Combine(folder.Path, "run/start.lock")), "it is being started");
        }

        var second = await folder.RunAsync("up", "--detach");
        second.Code.ShouldBe(0, second.Errors);
    }
}
