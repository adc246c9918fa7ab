using System.Diagnostics;
using System.Globalization;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Launching;

/// <summary>The script that runs all tests, and the one that CI runs, on a small tree of their own.</summary>
public sealed class TestScriptTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TempFolder tree = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => tree.Dispose();

    [Fact]
    public async Task Interrupt_WhenTheFirstOfAPairHasEnded_EndsTheSecond()
    {
        Copy("eng/test.sh");
        Copy("eng/dotnet.sh");
        Write("bin/dotnet", "echo '10.0.100 [/usr/share/dotnet/sdk]'");
        Write(Suite("A"), """while [ "$1" != -xml ]; do shift; done; echo '<assembly name="A" passed="1" failed="0" skipped="0" errors="0">' > "$2" """);
        Write(Suite("B"), $"echo $$ > {tree.File("pid")}; exec sleep 1008");
        using var process = Start("eng/test.sh", "--unit", "--no-build");
        while (await process.StandardOutput.ReadLineAsync(Token) is { } line && !line.Contains("1 passed", StringComparison.Ordinal))
        {
            // Until the first is counted.
        }

        await Eventually.HoldsAsync(() => File.Exists(tree.File("pid")) && File.ReadAllText(tree.File("pid")).EndsWith('\n'), "the second runs");
        var second = ProcessIdentity.Of(int.Parse(File.ReadAllText(tree.File("pid")), CultureInfo.InvariantCulture)).ShouldNotBeNull();
        try
        {
            Signals.Send(process.Id, Signal.Terminate).ShouldBeTrue();
            await process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
            process.ExitCode.ShouldBe(130);
            second.IsAlive.ShouldBeFalse();
        }
        finally
        {
            Signals.Send(second.Pid, Signal.Kill);
        }
    }

    /// <summary>The first one ends only when the third has run, which does not wait for the end of both before it.</summary>
    [Fact]
    public async Task Suite_ThatTakesLong_HoldsUpNoneButItsOwnPlace()
    {
        const string Report = """while [ "$1" != -xml ]; do shift; done; echo '<assembly passed="1" failed="0" skipped="0" errors="0">' > "$2" """;
        Copy("eng/test.sh");
        Copy("eng/dotnet.sh");
        Write("bin/dotnet", "echo '10.0.100 [/usr/share/dotnet/sdk]'");
        Write(Suite("A"), $"for i in $(seq 300); do [ -e {tree.File("third")} ] && break; sleep 0.1; done; [ -e {tree.File("third")} ] || exit 9; {Report}");
        Write(Suite("B"), Report);
        Write(Suite("C"), $"touch {tree.File("third")}; {Report}");
        using var process = Start("eng/test.sh", "--unit", "--no-build");
        (await process.StandardOutput.ReadToEndAsync(Token)).ShouldEndWith("\n3 passed, 0 failed, 0 skipped\n");
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0);
    }

    /// <summary>A program that crashes just while the results of another one are read is a failure, and not the end of the script.</summary>
    [Fact]
    public async Task Suite_ThatASignalEndsWhileAnotherIsCounted_IsAFailure()
    {
        const string Report = """while [ "$1" != -xml ]; do shift; done; echo '<assembly passed="1" failed="0" skipped="0" errors="0">' > "$2" """;
        Copy("eng/test.sh");
        Copy("eng/dotnet.sh");
        Write("bin/dotnet", "echo '10.0.100 [/usr/share/dotnet/sdk]'");
        Write("bin/sed", $"if [ -e {tree.File("first")} ]; then for i in $(seq 300); do [ -e {tree.File("second")} ] && break; sleep 0.1; done; sleep 0.3; fi; exec /bin/sed \"$@\"");
        Write(Suite("A"), $"{Report}; touch {tree.File("first")}");
        Write(Suite("B"), $"for i in $(seq 300); do [ -e {tree.File("first")} ] && break; sleep 0.1; done; sleep 0.5; touch {tree.File("second")}; kill -ABRT $$");
        Write(Suite("C"), Report);
        using var process = Start("eng/test.sh", "--unit", "--no-build");
        (await process.StandardOutput.ReadToEndAsync(Token)).ShouldEndWith("\n2 passed, 1 failed, 0 skipped\n");
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task CiRun_ThatRanNothing_ShowsNoEarlierTotals()
    {
        Copy(".ci/run");
        Write("fleet", "echo 'fleet test: --typo is no option' >&2; exit 2");
        Directory.CreateDirectory(tree.File("artifacts/tests"));
        File.WriteAllText(tree.File("artifacts/tests/totals"), "9 passed, 0 failed, 0 skipped\n");
        using var process = Start(".ci/run", "--typo");
        (await process.StandardOutput.ReadToEndAsync(Token)).ShouldBe("0 passed, 0 failed, 0 skipped\n");
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(2);
    }

    private static string Suite(string name) => $"artifacts/bin/Harmony.Fleet.Tests.{name}/release/Harmony.Fleet.Tests.{name}";

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(tree.File(program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["PATH"] = $"{tree.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        return Process.Start(start).ShouldNotBeNull();
    }

    private void Copy(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(tree.File(name))!);
        File.Copy(RepositoryRoot.File(name), tree.File(name));
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(tree.File(name))!);
        File.WriteAllText(tree.File(name), $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(tree.File(name), Executable);
    }
}
