using System.Diagnostics;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Launching;

/// <summary>The launcher, on a small tree of its own with a compiler that only counts: what it builds when, and what it says.</summary>
public sealed class LauncherTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Publishes a CLI that prints its arguments; counts the calls.</summary>
    private const string Compiler = """
        #!/bin/bash
        case "$1" in
          --list-sdks) echo "10.0.100 [$TREE/sdk]"; exit 0 ;;
          exec) echo $$ >> "$TREE/servers"; exec sleep 1002 ;;
        esac
        case "$*" in
          *FleetNative=true*) kind=native ;;
          *FleetReadyToRun=true*) kind=ready ;;
          *) kind=cli ;;
        esac
        [ $kind = cli ] || { echo "$$ $kind $(nice) $(sed 's/.* //' /proc/self/autogroup 2> /dev/null || echo 10)" >> "$TREE/aheads"; [ ! -f "$TREE/held" ] || { rm "$TREE/held"; exec sleep 1004; }; }
        [ $kind != cli ] || echo "$*" >> "$TREE/builds"
        [ -f "$TREE/broken" ] && { echo "x.cs(1,1): error CS1002: ; expected"; exit 1; }
        [ -f "$TREE/unlinkable" ] && [ $kind = native ] && { echo "clang : error : linker command failed"; exit 1; }
        [ -f "$TREE/unready" ] && [[ "$*" == *FleetReadyToRun=true* ]] && { echo "error NU1101: Unable to find package Crossgen2"; exit 1; }
        for word in "$@"; do case "$word" in -property:FleetOutput=*) out="${word#-property:FleetOutput=}" ;; esac; done
        for program in Cli Operator Agent; do
          mkdir -p "$out/Harmony.Fleet.$program"
          printf '#!/bin/sh\necho "%s: $*"\n' "$kind" > "$out/Harmony.Fleet.$program/Harmony.Fleet.$program"
          chmod +x "$out/Harmony.Fleet.$program/Harmony.Fleet.$program"
        done
        [ -f "$TREE/slow" ] && sleep 0.5
        [ -f "$TREE/endless" ] && { echo begun > "$TREE/began"; exec sleep 1001; }
        exit 0
        """;

    private readonly TempFolder tree = new();
    private bool isAhead;

    public LauncherTests()
    {
        string[] scripts = ["fleet", "eng/launcher.sh", "eng/launcher.proj", "eng/dotnet.sh", "eng/lib/inputs.sh", "eng/lib/compile.sh", "eng/lib/ahead.sh", "eng/lib/step.sh"];
        Array.ForEach(scripts, name => Write(name, File.ReadAllText(RepositoryRoot.File(name))));
        string[] sources = ["src/a.cs", "Directory.Build.props", "Directory.Packages.props", "global.json", "BannedSymbols.txt", ".editorconfig"];
        Array.ForEach(sources, name => Write(name, "x"));
        Write("bin/dotnet", Compiler);
        Write("bin/clang", "#!/bin/sh\nexit 0\n");
        Write("sdk/10.0.100/Roslyn/bincore/VBCSCompiler.dll", string.Empty);
    }

    private int Builds => File.Exists(tree.File("builds")) ? File.ReadAllLines(tree.File("builds")).Length : 0;

    public void Dispose()
    {
        // What works in the background ends before its folder goes: also who only looks, at a low priority, whether there is something to do.
        SpinWait.SpinUntil(() => Start("pgrep", ["-f", tree.Path]) is var any && any.WaitForExit(TimeSpan.FromSeconds(10)) && any.ExitCode != 0, TimeSpan.FromSeconds(30));
        tree.Dispose();
    }

    [Fact]
    public async Task Call_OnAnUnchangedTree_BuildsOnce()
    {
        (await RunAsync("get", "devices")).Output.ShouldBe("cli: get devices\n");
        (await RunAsync("version")).Output.ShouldBe("cli: version\n");
        Builds.ShouldBe(1);
    }

    [Fact]
    public async Task Call_AfterAChangedSource_BuildsAgain()
    {
        await RunAsync("version");
        File.WriteAllText(tree.File("src/a.cs"), "something else");
        await RunAsync("version");
        File.WriteAllText(tree.File("src/b.cs"), "new");
        await RunAsync("version");
        File.Delete(tree.File("src/b.cs"));
        await RunAsync("version");
        Builds.ShouldBe(3, "the last state was built before, when there was no b.cs");
        File.Move(tree.File("src/a.cs"), tree.File("src/c.cs"));
        await RunAsync("version");
        Builds.ShouldBe(4);
        File.WriteAllText(tree.File("Directory.Build.targets"), "new");
        await RunAsync("version");
        Builds.ShouldBe(5);
    }

    [Fact]
    public async Task Call_AfterACopyThatKeepsTheTime_BuildsAgain()
    {
        await RunAsync("version");
        var time = File.GetLastWriteTimeUtc(tree.File("src/a.cs"));
        File.WriteAllText(tree.File("other"), "y");
        File.SetLastWriteTimeUtc(tree.File("other"), time);
        File.Move(tree.File("other"), tree.File("src/a.cs"), overwrite: true);
        await RunAsync("version");
        Builds.ShouldBe(2);
        File.WriteAllText(tree.File("src/a.cs"), "z");
        File.SetLastWriteTimeUtc(tree.File("src/a.cs"), time);
        await RunAsync("version");
        Builds.ShouldBe(3);
    }

    [Fact]
    public async Task Call_BackOnAnEarlierState_RunsWhatWasBuiltFromThat()
    {
        await RunAsync("version");
        var older = States.ShouldHaveSingleItem();
        File.WriteAllText(tree.File("src/b.cs"), "new");
        await RunAsync("version");
        File.Delete(tree.File("src/b.cs"));
        File.WriteAllText(Path.Combine(older, "Harmony.Fleet.Cli/Harmony.Fleet.Cli"), "#!/bin/sh\necho older\n");
        (await RunAsync("version")).Output.ShouldBe("older\n");
        (await RunAsync("version")).Output.ShouldBe("older\n", "by the short way too");
    }

    [Fact]
    public async Task Programs_WhereACompilerLinks_AreCompiledAheadInTheBackground_AllAtOnce()
    {
        isAhead = true;
        var first = await RunAsync("version");
        first.Output.ShouldBe("cli: version\n");
        first.Errors.ShouldMatch(@"\Abuild \.\.\.\nbuild: done, once for each state of the sources \([0-9.]+ s\)\n\z", "no word of a compiler that is missing");
        await BecomesAsync("native");
        File.ReadAllLines(tree.File("aheads")).Single().ShouldEndWith(" native 19 10", customMessage: "it gives way, and so does the kernel's group of its session");
        Builds.ShouldBe(1);
        foreach (var program in (string[])["Cli", "Operator", "Agent"])
        {
            File.ReadAllText(Path.Combine(States.Single(), $"Harmony.Fleet.{program}/Harmony.Fleet.{program}")).ShouldContain("cli:", customMessage: "what may run is not touched");
            File.ReadAllText(Path.Combine(States.Single(), $"Ahead/Harmony.Fleet.{program}/Harmony.Fleet.{program}")).ShouldContain("native:");
        }
    }

    [Fact]
    public async Task Cli_WhereNoCompilerLinks_IsCompiledForTheRuntime_AndThatIsSaid()
    {
        isAhead = true;
        Write("bin/clang", "#!/bin/sh\nexit 1\n");
        Write("bin/gcc", "#!/bin/sh\nexit 1\n");
        (await RunAsync("version")).Errors.ShouldContain("No C compiler that links is here, so the CLI starts slower than it could (Debian: apt-get install gcc libc6-dev).\n");
        await BecomesAsync("ready");
        Aheads.ShouldBe(["ready"]);
    }

    [Theory]
    [InlineData("unlinkable", "ready", "native ready")]
    [InlineData("unready", "native", "native ready native")]
    [InlineData("unready unlinkable", null, "native ready native")]
    public async Task Programs_ThatCannotAllBeCompiledAhead_AreAsFarAsTheyCan_AndAreTriedOnce(string obstacles, string? becomes, string tried)
    {
        isAhead = true;
        obstacles.Split(' ').ToList().ForEach(obstacle => File.WriteAllText(tree.File(obstacle), string.Empty));
        (await RunAsync("version")).Output.ShouldBe("cli: version\n");
        await (becomes is null ? Eventually.HoldsAsync(() => File.Exists(Path.Combine(States.Single(), "no-native")), "it is remembered") : BecomesAsync(becomes));
        (await RunAsync("version")).Output.ShouldBe($"{becomes ?? "cli"}: version\n");
        Aheads.ShouldBe(tried.Split(' '));
    }

    [Fact]
    public async Task Programs_ThatCouldNotBeCompiledAhead_AreTriedAgainAfterADay()
    {
        isAhead = true;
        File.WriteAllText(tree.File("unready"), string.Empty);
        File.WriteAllText(tree.File("unlinkable"), string.Empty);
        await RunAsync("version");
        var remembered = Path.Combine(States.Single(), "no-native");
        await Eventually.HoldsAsync(() => File.Exists(remembered), "it is remembered");
        File.Delete(tree.File("unready"));
        File.Delete(tree.File("unlinkable"));
        await RunAsync("version");
        Aheads.Length.ShouldBe(3);
        File.SetLastWriteTimeUtc(remembered, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2));
        await BecomesAsync("native");
    }

    /// <summary>What tells who compiles may have been written by one that has ended long ago.</summary>
    [Fact]
    public async Task Programs_WhoseCompilerCannotBeTold_EndNobodyElse()
    {
        await RunAsync("version");
        using var stranger = Process.Start("sleep", "1006");
        Directory.CreateDirectory(tree.File("artifacts/launcher"));
        File.WriteAllText(tree.File("artifacts/launcher/ahead-holder"), $"{stranger.Id} /another/state\n");
        using var adding = Start("flock", [tree.File("artifacts/launcher/ahead-lock"), tree.File("eng/launcher.sh"), "--ahead", States.Single()]);
        await adding.WaitForExitAsync(TestContext.Current.CancellationToken);
        var isAlive = !stranger.HasExited;
        stranger.Kill();
        isAlive.ShouldBeTrue();
    }

    [Fact]
    public async Task Programs_OfAnEarlierState_MakeWayForTheNext()
    {
        isAhead = true;
        File.WriteAllText(tree.File("held"), string.Empty);
        await RunAsync("version");
        await Eventually.HoldsAsync(() => Aheads.Length == 1 && !File.Exists(tree.File("held")), "the first is under way");
        var compiler = int.Parse(File.ReadAllLines(tree.File("aheads"))[0].Split(' ')[0]);
        var first = States.Single();
        File.WriteAllText(tree.File("src/a.cs"), "something else");

        (await RunAsync("version")).Output.ShouldBe("cli: version\n");

        await BecomesAsync("native");
        Directory.Exists(Path.Combine(first, "Ahead")).ShouldBeFalse();
        Process.GetProcesses().Select(process => process.Id).ShouldNotContain(compiler);
    }

    [Fact]
    public async Task Programs_OfSourcesThatChangedMeanwhile_AreNotUsed()
    {
        await RunAsync("version");
        File.WriteAllText(tree.File("src/a.cs"), "something else");
        using var adding = Start(tree.File("eng/launcher.sh"), ["--ahead", States.Single()]);
        await adding.WaitForExitAsync(TestContext.Current.CancellationToken);
        Directory.Exists(Path.Combine(States.Single(), "Ahead")).ShouldBeFalse();
    }

    [Fact]
    public async Task ServerOfTheCompiler_EndsWithTheCall()
    {
        await RunAsync("version");
        Process.GetProcesses().Select(process => process.Id).ShouldNotContain(Server());
    }

    [Theory]
    [InlineData("-INT", 130)]
    [InlineData("-TERM", 143)]
    [InlineData("-HUP", 129)]
    public async Task Interrupt_EndsTheCompilerItsServerAndWhatIsSetUp_AndSaysThatNothingWasChanged(string signal, int code)
    {
        File.WriteAllText(tree.File("endless"), string.Empty);
        SetupScripts("sleep 1003");
        using var launcher = Start(tree.File("fleet"), ["demo"]);
        await Eventually.HoldsAsync(() => File.Exists(tree.File("began")) && File.Exists(tree.File("servers")) && SetUp.Length == 2, "it builds");
        int[] ids = [Server(), .. SetUp.Select(line => int.Parse(line.Split(' ')[1]))];
        using var kill = Process.Start("pkill", [signal, "-P", $"{launcher.Id}"]);
        (await launcher.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldEndWith("Interrupted before it was built: no fleet was started or changed; the next call builds it.\n");
        await launcher.WaitForExitAsync(TestContext.Current.CancellationToken);
        launcher.ExitCode.ShouldBe(code);
        await Eventually.HoldsAsync(() => !Process.GetProcesses().Any(process => ids.Contains(process.Id)), "nothing is left");
        Directory.Exists(tree.File("artifacts/launcher/.building")).ShouldBeFalse();
    }

    [Fact]
    public async Task FirstDemo_SetsUpWhatItRunsMeanwhile()
    {
        SetupScripts("sleep 0.5; echo done >> $TREE/set-up");
        (await RunAsync("demo", "--auto")).Output.ShouldBe("cli: demo --auto\n");
        SetUp.Select(line => line.Split(' ')[0]).ShouldBe(["nats-server.sh", "podman.sh", "done", "done"], ignoreOrder: true);
        await RunAsync("demo");
        SetUp.Length.ShouldBe(4, "what is built is for the CLI to set up");
    }

    [Fact]
    public async Task FirstCall_ForAnythingElse_SetsNothingUp()
    {
        SetupScripts("true");
        await RunAsync("version");
        SetUp.ShouldBeEmpty();
    }

    [Fact]
    public async Task Call_ByANameWithoutASlash_OrFromAFolderThatWasDeleted_FindsItsTree()
    {
        (await RunAsync("version")).Code.ShouldBe(0);
        using var bash = await Spawner.StartAsync(new ProcessStartInfo("bash", ["fleet", "version"]) { WorkingDirectory = tree.Path, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true });
        (await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("cli: version\n");
        (await bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        // From a folder that was deleted bash itself says so, before it reads the first line of ours.
        var lost = await RunAsync("/bin/sh", ["-c", "mkdir \"$0\"; cd \"$0\"; rmdir \"$0\"; exec \"$@\"", tree.File("gone"), tree.File("fleet"), "version"]);
        (lost.Output, lost.Errors.Contains("chdir: ", StringComparison.Ordinal)).ShouldBe(("cli: version\n", false));
    }

    [Fact]
    public async Task Calls_AtTheSameTime_BuildOnceAndAllAnswer()
    {
        File.WriteAllText(tree.File("slow"), string.Empty);
        var calls = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync("version")));
        calls.ShouldAllBe(call => call.Output == "cli: version\n" && call.Code == 0);
        Builds.ShouldBe(1);
    }

    [Fact]
    public async Task Call_WhenTheBuildFails_ShowsTheErrorAndTheLog()
    {
        File.WriteAllText(tree.File("broken"), string.Empty);
        var call = await RunAsync("version");
        (call.Code, call.Output).ShouldBe((1, string.Empty));
        call.Errors.ShouldContain("error CS1002");
        call.Errors.ShouldContain("artifacts/launcher/build.log");
        States.ShouldBeEmpty();
    }

    [Fact]
    public async Task Call_WithoutTheSdk_SaysWhatToInstall()
    {
        Write("bin/dotnet", "#!/bin/sh\necho '8.0.100 [/usr/share/dotnet/sdk]'\n");
        var call = await RunAsync("version");
        call.Code.ShouldBe(1);
        call.Errors.ShouldContain("install the .NET 10 SDK");
    }

    [Fact]
    public async Task Call_OfABuiltTree_WithoutDotnet_SaysWhatToInstall()
    {
        await RunAsync("version");
        Directory.CreateDirectory(tree.File("tools"));
        foreach (var tool in (string[])["bash", "env", "find", "cmp", "sort", "sha256sum"])
        {
            File.CreateSymbolicLink(tree.File($"tools/{tool}"), $"/usr/bin/{tool}");
        }

        var call = await RunAsync(tree.File("fleet"), ["version"], tree.File("tools"));
        call.ShouldBe(new Call(1, string.Empty, "error: the .NET 10 SDK is missing: install it (https://dotnet.microsoft.com/download/dotnet/10.0) and put dotnet on PATH\n"));
    }

    [Fact]
    public async Task Call_OfAStateThatIsHalfRemoved_BuildsItAgain()
    {
        await RunAsync("version");
        var state = States.ShouldHaveSingleItem();
        File.Move(Path.Combine(state, "Harmony.Fleet.Cli/Harmony.Fleet.Cli"), Path.Combine(state, "left.dll"));
        Directory.CreateDirectory(tree.File("artifacts/launcher/.removing.7"));
        (await RunAsync("version")).Output.ShouldBe("cli: version\n");
        States.ShouldBe([state]);
        File.Exists(Path.Combine(state, "left.dll")).ShouldBeFalse();
    }

    [Fact]
    public async Task Call_ThroughALink_FindsItsTree()
    {
        File.CreateSymbolicLink(tree.File("bin/fleet"), tree.File("fleet"));
        (await RunAsync(tree.File("bin/fleet"), ["version"])).Output.ShouldBe("cli: version\n");
    }

    [Fact]
    public async Task OldStates_BeyondTheNewest_AreRemoved()
    {
        for (var state = 0; state < 6; state++)
        {
            File.WriteAllText(tree.File("src/a.cs"), new string('x', state + 2));
            await RunAsync("version");
        }

        States.Length.ShouldBe(3);
    }

    /// <summary>The states that were built, without the link to the one of the last call.</summary>
    private string[] States => [.. new DirectoryInfo(tree.File("artifacts/launcher")).GetDirectories().Where(folder => folder.LinkTarget is null).Select(folder => folder.FullName)];

    /// <summary>Which ways of compiling ahead were tried.</summary>
    private string[] Aheads => File.Exists(tree.File("aheads")) ? [.. File.ReadAllLines(tree.File("aheads")).Select(line => line.Split(' ')[1])] : [];

    private string[] SetUp => File.Exists(tree.File("set-up")) ? File.ReadAllLines(tree.File("set-up")) : [];

    private Task BecomesAsync(string kind) => Eventually.HoldsAsync(async () => (await RunAsync("version")).Output == $"{kind}: version\n", "the one compiled ahead answers");

    private int Server() => int.Parse(File.ReadAllLines(tree.File("servers")).ShouldHaveSingleItem());

    private void SetupScripts(string work)
    {
        Write("eng/nats-server.sh", $"#!/bin/bash\necho \"nats-server.sh $$\" >> \"$TREE/set-up\"\n{work}\n");
        Write("eng/podman.sh", $"#!/bin/bash\necho \"podman.sh $$\" >> \"$TREE/set-up\"\n{work}\n");
    }

    private Task<Call> RunAsync(params string[] arguments) => RunAsync(tree.File("fleet"), arguments);

    private async Task<Call> RunAsync(string program, string[] arguments, string? path = null)
    {
        using var process = Start(program, arguments, path);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Call(process.ExitCode, output, await errors);
    }

    private Process Start(string program, string[] arguments, string? path = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["TREE"] = tree.Path;
        start.Environment["PATH"] = path ?? $"{tree.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment.Remove("DOTNET_ROOT");
        start.Environment["HARMONY_FLEET_NATIVE"] = isAhead ? "yes" : "no";
        return Process.Start(start).ShouldNotBeNull();
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(tree.File(name))!);
        File.WriteAllText(tree.File(name), text);
        File.SetUnixFileMode(tree.File(name), Executable);
    }

    private sealed record Call(int Code, string Output, string Errors);
}
