using System.Text.RegularExpressions;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Agent.Hosting;

[Trait("Category", "Integration")]
public sealed class AgentProcessTests : IDisposable
{
    private readonly AgentFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Agent_WithoutNatsAndPodman_RunsAndStopsInOrder(string signal)
    {
        await using var agent = await files.StartAsync();
        await Eventually.HoldsAsync(() => agent.Output.Contains("Podman does not answer", StringComparison.Ordinal), $"it says what is missing: {agent.Output}");
        await Eventually.HoldsAsync(() => agent.Output.Contains("The bus is away", StringComparison.Ordinal), $"it says what is missing: {agent.Output}");
        (await agent.StopAsync(signal)).ShouldBe(0, agent.Output);
        agent.Output.ShouldNotContain("xception");
    }

    [Fact]
    public async Task Agent_WhoseStateCannotBeRead_SaysSoAndEnds()
    {
        await File.WriteAllTextAsync(files.File("state"), "a file where a folder should be", TestContext.Current.CancellationToken);
        await using var agent = await files.StartAsync();
        (await agent.EndAsync()).ShouldBe(1, agent.Output);
        agent.Output.ShouldContain($"The state folder '{files.File("state")}' cannot be used: {files.File("state")} is a file, not a folder.");
        Regex.Count(agent.Output, @"(?m)^   at ").ShouldBe(0, agent.Output);
    }

    [Fact]
    public async Task Agent_WithFoldersInThePlaceOfItsState_PutsThemAsideAndRuns()
    {
        string[] names = ["manifest.state", "manifest.copy.state", "manifest.state.new", "lock"];
        Array.ForEach(names, name => Directory.CreateDirectory(files.File($"state/{name}/in")));
        await files.PipeAsync("state/scores");
        await using var agent = await files.StartAsync();
        await Eventually.HoldsAsync(() => agent.Output.Contains("Ready", StringComparison.Ordinal), $"it runs: {agent.Output}");
        foreach (var name in (string[])[.. names, "scores"])
        {
            agent.Output.ShouldContain(files.File($"state/{name}.corrupt"));
        }

        await using var second = await files.StartAsync();
        (await second.EndAsync()).ShouldBe(1, "the lock holds");
    }

    [Fact]
    public async Task SecondAgent_OnTheSameState_IsRefusedWithThePid()
    {
        await using var first = await files.StartAsync();
        await Eventually.HoldsAsync(() => first.Output.Contains("Ready", StringComparison.Ordinal), $"it runs: {first.Output}");
        await using (var second = await files.StartAsync())
        {
            (await second.EndAsync()).ShouldBe(1);
            second.Output.Trim().ShouldBe(
                $"fleet-agent: The state folder {files.File("state")} is in use by process {first.Id}: stop that agent first, or name another folder in stateDirectory.");
        }

        await first.StopAsync("KILL");
        await using var third = await files.StartAsync();
        await Eventually.HoldsAsync(() => third.Output.Contains("Ready", StringComparison.Ordinal), $"the killed one holds it no longer: {third.Output}");
    }

    [Fact]
    public async Task Agent_StoppedWhileItStarts_EndsInOrder() => (await StartInterruption.ProblemsAsync(files.StartAsync, "Podman does not answer")).ShouldBeEmpty();

    [Theory]
    [InlineData("agent.json")]
    [InlineData("keys.json")]
    public async Task Agent_StoppedWhileItReadsItsSettings_EndsInOrder(string file)
    {
        (await StartInterruption.StopWhileItReadsAsync(files.File(file), files.StartAsync)).ShouldBe(0);
    }

    /// <summary>A shell opens it: as on a disk that is full, or with none at all.</summary>
    [Theory]
    [InlineData("--version", "/dev/full", 1, "fleet-agent: stdout cannot be written: No space left on device.")]
    [InlineData("--version", "&-", 1, "fleet-agent: stdout cannot be written: Bad file descriptor.")]
    [InlineData("--help", "/dev/full", 1, "fleet-agent: stdout cannot be written: No space left on device.")]
    [InlineData("--self-test", "/dev/full", 1, "fleet-agent: stdout cannot be written: No space left on device.")]
    [InlineData("--wrong 2", "/dev/full", 2, "")]
    [InlineData("--wrong 2", "&-", 2, "")]
    public async Task Agent_WhoseOutputCannotBeWritten_SaysSo(string call, string output, int code, string says)
    {
        await using var agent = await RunningProgram.StartAsync("bash", "-c", $"dotnet {AgentFiles.Program} --config {files.File("agent.json")} {call}>{output}");
        (await agent.EndAsync()).ShouldBe(code, agent.Output);
        agent.Output.Trim().ShouldBe(says);
    }

    [Theory]
    [InlineData("libssl.so.3", "libssl")]
    public async Task Agent_WithoutALibrary_SaysWhatToInstall(string library, string package)
    {
        // A file that is no library hides the real one, as if it were not there.
        Directory.CreateDirectory(files.File("lib"));
        foreach (var name in (string[])[library, "libssl.so.1.1", "libssl.so.1.0.2", "libssl.so.1.0.0", "libssl.so.10"])
        {
            await File.WriteAllTextAsync(files.File("lib/" + name), string.Empty, TestContext.Current.CancellationToken);
        }

        await using var agent = await RunningProgram.StartAsync(
            "env", $"LD_LIBRARY_PATH={files.File("lib")}", "dotnet", AgentFiles.Program, "--config", files.File("agent.json"));
        (await agent.EndAsync()).ShouldBe(8, agent.Output);
        agent.Output.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain(package);
    }

    [Theory]
    [InlineData(2, "Which settings?")]
    [InlineData(2, "Not understood: --confg", "--confg", "agent.json")]
    [InlineData(2, "cannot be read", "--config", "/nowhere/agent.json")]
    [InlineData(0, "Exit codes:", "--help")]
    [InlineData(0, "0.1.0", "--version")]
    public async Task Agent_WithTheseArguments_EndsWith(int code, string says, params string[] args)
    {
        await using var agent = await RunningProgram.StartAsync(["dotnet", AgentFiles.Program, .. args]);
        (await agent.EndAsync()).ShouldBe(code, agent.Output);
        agent.Output.ShouldContain(says);
    }
}
