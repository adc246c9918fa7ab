using System.Diagnostics;
using Harmony.Fleet.Tests.EndToEnd.Fleet;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.EndToEnd.Scenarios;

/// <summary>The drill of docs/operator-recovery.md: a backup, more changes, the store is gone, and back to before them. With the real programs, and podman.</summary>
[Trait("Category", "Integration")]
public sealed class BackupTests : IAsyncLifetime
{
    private const string Passphrase = "correct horse battery";
    private readonly TempFolder elsewhere = new();
    private RunningFleet fleet = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Backup => elsewhere.File("fleet.backup");

    private string Store => Path.Combine(fleet.DataFolder, "operator", "data");

    public async ValueTask InitializeAsync()
    {
        fleet = await RunningFleet.StartAsync();
        await fleet.BuildImagesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await fleet.DisposeAsync();
        elsewhere.Dispose();
    }

    [Fact]
    public async Task StoreLostAndRestored_NothingIsRemoved_AndWhatIsNewerIsTakenBackAsItStands()
    {
        var before = await StandingAsync("before");
        (await CliAsync("backup", Backup)).ShouldBe(0);
        var after = await StandingAsync("after");

        fleet = await fleet.AgainAsync(async () =>
        {
            Directory.EnumerateFiles(Store, "fleet.db*").ToList().ForEach(File.Delete);
            (await CliAsync("restore", Backup)).ShouldBe(5, "a fleet is there");
            (await CliAsync("restore", Backup, "--replace")).ShouldBe(0);
        });

        await Eventually.HoldsAsync(async () => (await SaidAsync("recover")).StartsWith("DEPLOYMENT", StringComparison.Ordinal), "the newer one shows as lost", TimeSpan.FromSeconds(60));
        (await SaidAsync("recover")).ShouldContain("default/after");
        await fleet.Api.UntilConvergedAsync("before");
        (await fleet.Api.DeploymentAsync("after")).ShouldBeNull();
        (await IdAsync("after")).ShouldBe(after.Id, "nobody decided about it");

        (await CliAsync("recover", "--adopt")).ShouldBe(0);

        (await fleet.Api.UntilConvergedAsync("after")).Metadata.Uid.ShouldBe(after.Uid);
        (await IdAsync("before"), await IdAsync("after")).ShouldBe((before.Id, after.Id), "no container was made anew");
        (await SaidAsync("recover")).ShouldBeEmpty();
    }

    private async Task<(string Id, string Uid)> StandingAsync(string name)
    {
        var applied = await fleet.Api.ApplyAsync(Web.Deployment(name, 1, FreePort.Next()));
        await fleet.Api.UntilConvergedAsync(name);
        return (await IdAsync(name), applied.Metadata.Uid!);
    }

    private async Task<string> IdAsync(string name) => (await fleet.ContainerAsync(name)).Id;

    private async Task<int> CliAsync(params string[] words) => (await RunAsync(words)).Code;

    private async Task<string> SaidAsync(params string[] words) => (await RunAsync(words)).Out;

    private async Task<(int Code, string Out)> RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo(FleetPrograms.PathOf("Harmony.Fleet.Cli"), [.. words, "--data", fleet.DataFolder])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = elsewhere.Path, UseShellExecute = false,
        };
        start.Environment["HARMONY_FLEET_PASSPHRASE"] = Passphrase;
        using var program = Process.Start(start)!;
        var (output, error) = (program.StandardOutput.ReadToEndAsync(Stop), program.StandardError.ReadToEndAsync(Stop));
        await program.WaitForExitAsync(Stop);
        TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join(' ', words)}: {program.ExitCode}\n{await output}{await error}");
        return (program.ExitCode, await output);
    }
}
