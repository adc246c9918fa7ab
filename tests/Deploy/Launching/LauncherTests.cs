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
          --list-sdks) echo "10.0.100 [/usr/share/dotnet/sdk]"; exit 0 ;;
        esac
        echo build >> "$TREE/builds"
        [ -f "$TREE/broken" ] && { echo "x.cs(1,1): error CS1002: ; expected"; exit 1; }
        for word in "$@"; do case "$word" in -property:FleetOutput=*) out="${word#-property:FleetOutput=}" ;; esac; done
        mkdir -p "$out/Harmony.Fleet.Cli"
        printf '#!/bin/sh\necho "cli: $*"\n' > "$out/Harmony.Fleet.Cli/Harmony.Fleet.Cli"
        chmod +x "$out/Harmony.Fleet.Cli/Harmony.Fleet.Cli"
        [ -f "$TREE/slow" ] && sleep 0.5
        exit 0
        """;

    private readonly TempFolder tree = new();

    public LauncherTests()
    {
        foreach (var name in (string[])["fleet", "eng/launcher.sh", "eng/launcher.proj", "eng/dotnet.sh"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(tree.File(name))!);
            File.Copy(RepositoryRoot.File(name), tree.File(name));
        }

        foreach (var name in (string[])["src/a.cs", "Directory.Build.props", "Directory.Packages.props", "global.json", "BannedSymbols.txt", ".editorconfig"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(tree.File(name))!);
            File.WriteAllText(tree.File(name), "x");
        }

        Write("bin/dotnet", Compiler);
    }

    private int Builds => File.Exists(tree.File("builds")) ? File.ReadAllLines(tree.File("builds")).Length : 0;

    public void Dispose() => tree.Dispose();

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
    }

    [Fact]
    public async Task Call_ByANameWithoutASlash_FindsItsTree()
    {
        (await RunAsync("version")).Code.ShouldBe(0);
        using var bash = await Spawner.StartAsync(new ProcessStartInfo("bash", ["fleet", "version"]) { WorkingDirectory = tree.Path, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true });
        (await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("cli: version\n");
        (await bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
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
        call.Code.ShouldBe(1);
        call.Output.ShouldBeEmpty();
        call.Errors.ShouldContain("error CS1002");
        call.Errors.ShouldContain("artifacts/launcher/build.log");
        Directory.GetDirectories(tree.File("artifacts/launcher")).ShouldBeEmpty();
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
        foreach (var tool in (string[])["bash", "env", "find", "sort", "sha256sum"])
        {
            File.CreateSymbolicLink(tree.File($"tools/{tool}"), $"/usr/bin/{tool}");
        }

        var call = await RunAsync(tree.File("fleet"), ["version"], tree.File("tools"));
        call.ShouldBe(new Call(1, string.Empty, "fleet: the .NET 10 SDK is missing: install it (https://dotnet.microsoft.com/download/dotnet/10.0) and put dotnet on PATH.\n"));
    }

    [Fact]
    public async Task Call_OfAStateThatIsHalfRemoved_BuildsItAgain()
    {
        await RunAsync("version");
        var state = Directory.GetDirectories(tree.File("artifacts/launcher")).ShouldHaveSingleItem();
        File.Move(Path.Combine(state, "Harmony.Fleet.Cli/Harmony.Fleet.Cli"), Path.Combine(state, "left.dll"));
        Directory.CreateDirectory(tree.File("artifacts/launcher/.removing.7"));
        (await RunAsync("version")).Output.ShouldBe("cli: version\n");
        Directory.GetDirectories(tree.File("artifacts/launcher")).ShouldBe([state]);
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

        Directory.GetDirectories(tree.File("artifacts/launcher")).Length.ShouldBe(3);
    }

    private Task<Call> RunAsync(params string[] arguments) => RunAsync(tree.File("fleet"), arguments);

    private async Task<Call> RunAsync(string program, string[] arguments, string? path = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["TREE"] = tree.Path;
        start.Environment["PATH"] = path ?? $"{tree.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment.Remove("DOTNET_ROOT");
        using var process = Process.Start(start).ShouldNotBeNull();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Call(process.ExitCode, output, await errors);
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(tree.File(name))!);
        File.WriteAllText(tree.File(name), text);
        File.SetUnixFileMode(tree.File(name), Executable);
    }

    private sealed record Call(int Code, string Output, string Errors);
}
