using System.Collections.Concurrent;
using System.Diagnostics;
using Harmony.Fleet.Deploy.Machines;
using Harmony.Fleet.Deploy.Topologies;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Machines;

public sealed class LocalProgramsTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TempFolder folder = new();
    private readonly ConcurrentQueue<string> said = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Provide_OfOurOwnProgram_FindsItBesideThisOne()
    {
        Make("apps/Harmony.Fleet.Operator/Harmony.Fleet.Operator", string.Empty);
        Make("bin/Harmony.Fleet.Agent/release/Harmony.Fleet.Agent", string.Empty);
        (await Programs("apps/Harmony.Fleet.Cli").ProvideAsync(FleetProgram.Operator, Token)).Value.ShouldBe(folder.File("apps/Harmony.Fleet.Operator/Harmony.Fleet.Operator"));
        (await Programs("bin/Harmony.Fleet.Cli/release/").ProvideAsync(FleetProgram.Agent, Token)).Value.ShouldBe(folder.File("bin/Harmony.Fleet.Agent/release/Harmony.Fleet.Agent"));
    }

    [Fact]
    public async Task Provide_OfOurOwnProgramThatWasNotBuilt_SaysWhatToDo() =>
        (await Programs("nowhere").ProvideAsync(FleetProgram.Agent, Token)).Fault.ShouldNotBeNull().ToString().ShouldContain("build all of it");

    [Fact]
    public async Task Provide_OfAnAgentThatWasNamed_TakesThatOne()
    {
        Make("apps/Harmony.Fleet.Agent/Harmony.Fleet.Agent", string.Empty);
        Make("native/fleet-agent", string.Empty);
        var programs = new LocalPrograms(folder.File("apps/Harmony.Fleet.Cli"), folder.Path, said.Enqueue, folder.File("native/fleet-agent"));
        (await programs.ProvideAsync(FleetProgram.Agent, Token)).Value.ShouldBe(folder.File("native/fleet-agent"));
    }

    [Fact]
    public async Task Provide_OfANamedAgentThatCannotBeRun_SaysSo()
    {
        Make("native/fleet-agent", string.Empty);
        File.SetUnixFileMode(folder.File("native/fleet-agent"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        foreach (var named in (string[])["native/fleet-agent", "nowhere"])
        {
            var programs = new LocalPrograms(folder.File("apps/Harmony.Fleet.Cli"), folder.Path, said.Enqueue, folder.File(named));
            (await programs.ProvideAsync(FleetProgram.Agent, Token)).Fault.ShouldNotBeNull().ToString()
                .ShouldBe($"HARMONY_FLEET_AGENT names {folder.File(named)}, which is no program: name one that can be run, or unset it");
        }
    }

    [Fact]
    public async Task Provide_BySetupScript_TellsItsProgressAndRunsItOnce()
    {
        Make("eng/nats-server.sh", $"echo fetching >&2; echo x >> {folder.File("runs")}; touch {folder.File("nats-server")}; echo {folder.File("nats-server")}");
        var programs = Programs("bin");
        (await programs.ProvideAsync(FleetProgram.NatsServer, Token)).Value.ShouldBe(folder.File("nats-server"));
        (await programs.ProvideAsync(FleetProgram.NatsServer, Token)).Value.ShouldBe(folder.File("nats-server"));
        said.ShouldBe(["fetching"]);
        File.ReadAllLines(folder.File("runs")).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Provide_BySetupScriptThatFails_TellsItsLastWords()
    {
        Make("eng/podman.sh", "echo 'error: no network' >&2; exit 1");
        var fault = (await Programs("bin").ProvideAsync(FleetProgram.Podman, Token)).Fault.ShouldNotBeNull();
        fault.ToString().ShouldBe($"podman.sh did not succeed (no network): run {folder.File("eng/podman.sh")} by hand to see all that it says");
    }

    [Fact]
    public async Task Provide_WhenCancelled_EndsTheScriptAndAllThatItStarted()
    {
        Make("eng/podman.sh", $"sleep 1003 & echo $! > {folder.File("child")}; echo begun >&2; wait");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var providing = Programs("bin").ProvideAsync(FleetProgram.Podman, cancel.Token);
        await Eventually.HoldsAsync(() => said.Contains("begun"), "the script runs");
        var child = Process.GetProcessById(int.Parse(File.ReadAllText(folder.File("child"))));
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(providing);
        await child.WaitForExitAsync(Token);
    }

    private LocalPrograms Programs(string baseFolder) => new(folder.File(baseFolder), folder.Path, said.Enqueue);

    private void Make(string name, string script)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        File.WriteAllText(folder.File(name), $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(folder.File(name), Executable);
    }
}
