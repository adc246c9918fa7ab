using System.Diagnostics;
using System.Text;
using Harmony.Fleet.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace Harmony.Fleet.Tests.Cli;

/// <summary>The program as a process of its own: what only a process can show.</summary>
[Trait("Category", "Integration")]
public sealed class ProgramTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Harmony.Fleet.Cli");

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Signal_EndsAWatch_With130(string signal)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On("GET /api/v1/devices?limit=500", """{"metadata":{"resourceVersion":"5"},"items":[]}""");
        server.On("GET /api/v1/devices?watch=true&resourceVersion=5", async (_, response) =>
        {
            await response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        File.WriteAllText(folder.File("token"), "t");
        using var process = Start(Program, "get", "devices", "-w", "--server", server.Address, "--token-file", folder.File("token"));
        await Eventually.HoldsAsync(() => server.Requests.Count == 2, "it watches");
        using var kill = Start("kill", $"-{signal}", $"{process.Id}");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(130);
        (await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldNotContain("exception", Case.Insensitive);
    }

    /// <summary>Only whoever writes into a pipe knows when it ends; whoever reads it can be told to stop all the same, be it opened at the other end or not.</summary>
    [Theory]
    [InlineData("INT", "apply -f first -f second")]
    [InlineData("TERM", "apply -f first -f second")]
    [InlineData("TERM", "get devices --server http://127.0.0.1:1 --token-file first")]
    public async Task Signal_EndsTheReadingOfAPipe_With130(string signal, string command)
    {
        await folder.PipeAsync("second");
        var pipe = await folder.PipeAsync("first");
        using var process = Start(Program, command.Split(' '));
        await using var first = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write)); // Once it is read.
        if (command.EndsWith("second", StringComparison.Ordinal))
        {
            await first.WriteAsync(Encoding.UTF8.GetBytes(Samples.DeploymentJson("a")), TestContext.Current.CancellationToken);
            await first.DisposeAsync();
        }

        using var kill = Start("kill", $"-{signal}", $"{process.Id}");
        await Eventually.HoldsAsync(() => process.HasExited, "it ends");
        process.ExitCode.ShouldBe(130);
        (await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Apply_OfAPipe_ReadsIt()
    {
        using var process = Start("bash", "-c", $"'{Program}' apply --print -f <(sleep 0.1; echo '{Samples.DeploymentJson("piped")}')");
        (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain("\"piped\"");
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("--help")]
    [InlineData("completion bash")]
    [InlineData("status --data /nowhere/at/all")]
    [InlineData("apply --print --name a --image b --selector c=d")]
    public async Task Output_ThatCannotBeWritten_IsASentenceAndCode1(string command)
    {
        foreach (var (output, why) in ((string, string)[])[("/dev/full", "No space left on device"), ("&-", "Bad file descriptor")])
        {
            using var process = Start("bash", "-c", $"'{Program}' {command} >{output}");
            (await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe($"error: stdout cannot be written ({why})\n");
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            process.ExitCode.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Reader_ThatGoesAway_IsNoError()
    {
        using var process = Start("bash", "-c", $"'{Program}' --help | head -n 1; echo \"${{PIPESTATUS[0]}}\"");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("Description:\n0\n");
        (await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Watch_WhoseReaderGoesAway_Ends()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On("GET /api/v1/devices/pi-1/logs", async (_, response) =>
        {
            while (!response.HttpContext.RequestAborted.IsCancellationRequested)
            {
                await response.WriteAsync("{\"stream\":\"stdout\",\"text\":\"tick\\n\"}\n");
                await response.Body.FlushAsync();
                await Task.Delay(20);
            }
        });
        File.WriteAllText(folder.File("token"), "t");
        var call = $"timeout 60 '{Program}' logs hello --device pi-1 -f --server {server.Address} --token-file {folder.File("token")}";
        using var process = Start("bash", "-c", $"{call} | head -n 1; echo \"${{PIPESTATUS[0]}}\"");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("tick\n0\n");
        (await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("get devices -w", "NAME")]
    [InlineData("get devices -w -o json", "{\"type\"")]
    public async Task Watch_WithoutNews_EndsAtOnce_WhenItsReaderGoesAway(string command, string first)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On("GET /api/v1/devices?limit=500", """{"metadata":{"resourceVersion":"5"},"items":[{"metadata":{"name":"pi-1","resourceVersion":"5"},"spec":{}}]}""");
        server.On("GET /api/v1/devices?watch=true&resourceVersion=5", async (_, response) =>
        {
            await response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        File.WriteAllText(folder.File("token"), "t");
        using var process = Start("bash", "-c", $"timeout 60 '{Program}' {command} --server {server.Address} --token-file {folder.File("token")} | head -n 1; echo \"${{PIPESTATUS[0]}}\"");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        output.ShouldStartWith(first);
        output.ShouldEndWith("\n0\n");
        (await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Calls_IntoOneFile_WriteAfterEachOther()
    {
        using var process = Start("bash", "-c", $"('{Program}' completion bash; '{Program}' completion fish) > both; cat both");
        var both = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        both.ShouldContain("complete -F _fleet fleet");
        both.ShouldContain("complete -c fleet");
    }

    [Theory]
    [InlineData("fleet g", "get")]
    [InlineData("fleet get devices -o ", "json table wide yaml")]
    [InlineData("fleet wait deployment x --for=con", "converged")]
    [InlineData("fleet wait deployment x --for=", "completed converged deleted")]
    [InlineData("fleet apply --rest", "--restart")]
    public async Task Bash_CompletesCommandLines(string line, string expected)
    {
        Directory.CreateSymbolicLink(folder.File("fleet"), Program);
        File.WriteAllText(folder.File("try.sh"), """
            set -eu
            PATH="$PWD:$PATH"
            source <(fleet completion bash)
            [ "$(complete -p fleet)" = "complete -F _fleet fleet" ]

            # Cuts a line into words as readline does: at blanks, and at = and :, which are words of their own.
            COMP_LINE="$1"; COMP_POINT=${#1}
            spaced="${1//=/ = }"
            read -ra COMP_WORDS <<< "$spaced"
            case "$1" in *" ") COMP_WORDS+=("") ;; esac
            COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            _fleet
            echo "${COMPREPLY[*]}"
            """);
        using var process = Start("bash", "try.sh", line);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        (await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).TrimEnd().ShouldBe(expected);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Script_OfEachShell_CallsTheProgram(string shell)
    {
        using var cli = new CliUnderTest();
        var run = await cli.RunAsync("completion", shell);
        run.Code.ShouldBe(0);
        run.Out.ShouldContain("__complete");
        Golden.ShouldMatch($"completion-{shell}", run.Out);
    }

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };
        return Process.Start(start)!;
    }
}
