using System.Diagnostics;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.EndToEnd.Fleet;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.EndToEnd.Scenarios;

/// <summary>One operator leads over a data folder at a time, also while it stands still.</summary>
[Trait("Category", "Integration")]
public sealed class LeadershipTests(FleetFixture fixture) : IClassFixture<FleetFixture>
{
    private const string Operator = "operator/operator.json";

    private RunningFleet Fleet => fixture.Fleet;

    private string Data => Path.Combine(Fleet.DataFolder, "operator", "data");

    [Fact]
    public async Task SecondOperator_WhileTheFirstStandsStill_IsRefusedAndChangesNothing_AndTheFirstLeadsOn()
    {
        await ConvergesAsync("lead-keep");
        var (untouched, first) = (await Fleet.ContainerAsync("lead-keep"), Fleet.PidOf(Operator));
        await Fleet.SignalAsync(Operator, "STOP");
        var before = await StandAsync();
        try
        {
            await using var second = await Fleet.StartSecondOperatorAsync();

            (await second.EndAsync()).ShouldBe(1, second.Output);
            second.Output.Trim().ShouldBe($"fleet-operator: The store {Path.Combine(Data, "fleet.db")} is in use by process {first}: stop that first, or choose another data folder.");
            (await StandAsync()).ShouldBe(before);
        }
        finally
        {
            await RunningProcesses.SignalAsync(first, "CONT");
        }

        await ConvergesAsync("lead-after");
        Fleet.PidOf(Operator).ShouldBe(first);
        (await GenerationAsync()).Term.ShouldBe(before.Generation.Term);
        (await Fleet.ContainerAsync("lead-keep")).Id.ShouldBe(untouched.Id);
    }

    [Fact]
    public async Task Operator_KilledWhileItStandsStill_IsFollowedByOneWithAHigherTerm()
    {
        await ConvergesAsync("killed-keep");
        var (untouched, before) = (await Fleet.ContainerAsync("killed-keep"), await GenerationAsync());
        await Fleet.SignalAsync(Operator, "STOP");
        await Fleet.KillAsync(Operator);

        await ConvergesAsync("killed-after");
        (await GenerationAsync()).Term.ShouldBeGreaterThan(before.Term);
        (await Fleet.ContainerAsync("killed-keep")).Id.ShouldBe(untouched.Id);
    }

    private async Task ConvergesAsync(string name)
    {
        var port = FreePort.Next();
        await Fleet.Api.ApplyAsync(Web.Deployment(name, 1, port));
        await Fleet.Api.UntilConvergedAsync(name);
        await Web.ShowsAsync(port, HelloWebImage.Greeting(1));
    }

    /// <summary>What an operator could change: every file of its data, and the device's manifest.</summary>
    private async Task<(string Files, Generation Generation, ulong Revision)> StandAsync()
    {
        // Another program: .NET's own way to open a file asks for a lock of it.
        using var sums = Process.Start(new ProcessStartInfo("sh", ["-c", "find . -type f | sort | xargs sha256sum"]) { WorkingDirectory = Data, RedirectStandardOutput = true, UseShellExecute = false })!;
        var files = await sums.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        files.ShouldContain("fleet.db");
        var manifest = await ManifestAsync();
        return (files, Generation(manifest), manifest.Revision);
    }

    private async Task<Generation> GenerationAsync() => Generation(await ManifestAsync());

    private static Generation Generation(BucketEntry manifest) => JsonSerializer.Deserialize(manifest.Value.Span, ContractsJson.Bus.DeviceManifest)!.Generation;

    private async Task<BucketEntry> ManifestAsync()
    {
        await using var bus = await Fleet.ConnectAsOperatorAsync();
        return (await bus.Bucket(BucketNames.DesiredState).GetAsync(Fleet.Device.Value, TestContext.Current.CancellationToken)).ShouldBeOfType<GetOutcome.Found>().Entry;
    }
}
