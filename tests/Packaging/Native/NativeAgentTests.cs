using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Packaging.Packages;

namespace Harmony.Fleet.Tests.Packaging.Native;

/// <summary>The packed binary, on its own processor and on an emulated one.</summary>
[Trait("Category", "Integration")]
public sealed class NativeAgentTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [ClassData(typeof(Platforms))]
    public async Task Agent_AskedForItsVersion_SaysThatOfItsPackage(string rid)
    {
        var package = await AgentPackage.MakeAsync(rid);
        var runner = await package.RunnerAsync(await package.UnpackAsync(folder));
        (await Command.DoneAsync([.. runner, "--version"])).Output.Trim().ShouldBe(package.Version);
    }

    /// <summary>The manual page is written by hand: what the program says of itself is the measure.</summary>
    [Fact]
    public async Task Manual_TellsEveryOptionAndExitCode()
    {
        var binary = await (await AgentPackage.MakeAsync(Platforms.X64)).UnpackAsync(folder);
        var manual = await File.ReadAllTextAsync(RepositoryRoot.File("packaging/agent/fleet-agent.8.in"), TestContext.Current.CancellationToken);
        var help = (await Command.DoneAsync(binary, "--help")).Lines.Select(line => line.Trim()).ToArray();
        var options = help.Where(line => line.StartsWith("--", StringComparison.Ordinal)).Select(line => line[2..].Split(' ', ',')[0]).ToArray();
        var codes = help.SkipWhile(line => line != "Exit codes:").Skip(1).Select(line => line.Split(' ')[0]).ToArray();
        options.ShouldContain("self-test");
        codes.ShouldContain("9");
        options.ShouldAllBe(option => manual.Contains($".It Fl Fl {option}", StringComparison.Ordinal));
        codes.ShouldAllBe(code => manual.Contains($".It {code}\n", StringComparison.Ordinal));
    }

    [Theory]
    [ClassData(typeof(Platforms))]
    public async Task Demo_WithTheNativeAgent_Passes(string rid)
    {
        var package = await AgentPackage.MakeAsync(rid);
        var runner = await package.RunnerAsync(await package.UnpackAsync(folder));
        var agent = folder.File("agent");
        await File.WriteAllTextAsync(agent, $"#!/bin/sh\necho \"$@\" >> {folder.File("started")}\nexec {string.Join(' ', runner)} \"$@\"\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(agent, Executable);

        var cli = FleetPrograms.PathOf("Harmony.Fleet.Cli");
        var demo = await Command.RunAsync(new Dictionary<string, string> { ["HARMONY_FLEET_AGENT"] = agent }, cli, "demo", "--auto");

        demo.Code.ShouldBe(0, demo.Said);
        File.ReadAllLines(folder.File("started")).ShouldAllBe(arguments => arguments.StartsWith("--config ", StringComparison.Ordinal));
    }

    /// <summary>What is loaded over a thin link and kept on a small card, once for each version, must not grow unseen: where the bytes go is in bench/README.md.</summary>
    [Theory]
    [InlineData(Platforms.X64, 12_000_000)]
    [InlineData(Platforms.Arm64, 12_500_000)]
    public async Task Binary_StaysWithinItsLimit(string rid, long limit)
    {
        var binary = await (await AgentPackage.MakeAsync(rid)).UnpackAsync(folder);
        new FileInfo(binary).Length.ShouldBeLessThanOrEqualTo(limit);
    }

    /// <summary>Debug symbols are for whoever asks for them, and what they belong to is told by the build id.</summary>
    [Theory]
    [ClassData(typeof(Platforms))]
    public async Task Symbols_OfTheBinary_LieBesideThePackage(string rid)
    {
        var package = await AgentPackage.MakeAsync(rid);
        var binary = await package.UnpackAsync(folder);
        (await Command.DoneAsync("readelf", "--section-headers", "--wide", binary)).Output.ShouldNotContain(" .debug_info ");
        var notes = await Command.DoneAsync("readelf", "--notes", binary);
        var id = notes.Lines.Single(line => line.Contains("Build ID: ", StringComparison.Ordinal)).Split(": ")[1].Trim();
        (await Command.DoneAsync("tar", "--list", "--file", package.Symbols)).Output.ShouldContain($"/usr/lib/debug/.build-id/{id[..2]}/{id[2..]}.debug\n");
    }

    /// <summary>Whatever else it needs it opens when it needs it: OpenSSL, which the package depends on.</summary>
    [Theory]
    [ClassData(typeof(Platforms))]
    public async Task Binary_LinksToNothing_ButTheCLibrary(string rid)
    {
        var binary = await (await AgentPackage.MakeAsync(rid)).UnpackAsync(folder);
        var needed = (await Command.DoneAsync("readelf", "--dynamic", "--wide", binary)).Lines.Where(line => line.Contains("(NEEDED)", StringComparison.Ordinal)).ToArray();
        needed.ShouldNotBeEmpty();
        needed.ShouldAllBe(line => line.Contains("[libc.so.6]") || line.Contains("[libm.so.6]") || line.Contains("[ld-linux-"));
    }
}
