using System.Diagnostics;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Launching;

/// <summary>The scripts that install with sudo, where sudo wants a password. What they would install is missing, and nothing is installed.</summary>
public sealed class SudoTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TempFolder folder = new();

    public SudoTests()
    {
        Write("id", "echo 1000");
        Write("sudo", $"echo \"$*\" >> {folder.File("asked")}; [ \"$1\" != -n ]");
        Write("apt-get", "exit 1");
        Write("ldd", "exit 0");
    }

    public static TheoryData<string, string> Scripts => new() { { "eng/podman.sh", "busybox-static" } };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task WithoutATerminal_SaysWhatToDo(string script, string package)
    {
        var path = RepositoryRoot.File(script);
        var (code, output) = await RunAsync("setsid", "--wait", path);
        code.ShouldBe(1);
        output.ShouldContain("sudo wants a password to install ");
        output.ShouldContain(package);
        output.ShouldContain($": run {path} on a terminal once, then try again");
        File.ReadAllLines(folder.File("asked")).ShouldBe(["-n true"]);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task OnATerminal_LetsSudoAsk(string script, string package)
    {
        var (_, output) = await RunAsync("script", "--quiet", "--return", "--command", RepositoryRoot.File(script), "/dev/null");
        output.ShouldContain(package);
        File.ReadAllLines(folder.File("asked")).Take(2).ShouldBe(["-n true", "-v"]);
    }

    [Theory]
    [InlineData("/nowhere", "set HOME to a folder of yours that is there (/nowhere is none)")]
    [InlineData("", "set HOME to a folder of yours that is there")]
    [InlineData("/tmp", "run podman --version by hand, and mend what it says")]
    public async Task Podman_ThatFails_IsNotSaidToBeReady(string home, string advice)
    {
        foreach (var there in (string[])["conmon", "runc", "crun", "iptables", "ip", "nft", "newuidmap", "slirp4netns", "busybox"])
        {
            Write(there, "exit 0");
        }

        Write("podman", "echo 'level=warning' >&2; echo 'Error: no home' >&2; exit 125");
        Write("ldd", "exit 1");
        var (code, output) = await RunAsync("env", $"HOME={home}", RepositoryRoot.File("eng/podman.sh"));
        code.ShouldBe(1);
        output.ShouldBe($"error: podman is installed and does not work (Error: no home): {advice}\n");
    }

    private async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start).ShouldNotBeNull();
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }

    private void Write(string name, string text)
    {
        File.WriteAllText(folder.File(name), $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(folder.File(name), Executable);
    }
}
