using System.Diagnostics;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>Where a command is called from, and by whom.</summary>
[Trait("Category", "Integration")]
public sealed class WorkingFolderTests : IDisposable
{
    private const string Nobody = "65534";

    private readonly TempFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Command_InADeletedFolder_WorksWherePathsAreAbsolute()
    {
        var status = await FromADeletedFolderAsync("status", "--data", folder.File("data"));
        status.ShouldBe((6, "phase    Down\ndevices  0\ndata     " + folder.File("data") + "\n", $"error: no fleet runs from {folder.File("data")}: start one with fleet up --data {folder.File("data")}\n"));
        (await FromADeletedFolderAsync("version")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Command_InADeletedFolder_SaysSoOfARelativePath()
    {
        var down = await FromADeletedFolderAsync("down", "--purge", "--data", "data");
        down.ShouldBe((1, string.Empty, "error: the working directory was deleted, so that data leads nowhere: change to another one, or name an absolute path\n"));
    }

    [Fact]
    public async Task Fleet_OfAnotherUser_IsNotSaidToBeDown()
    {
        (await new StackMark(folder.File("data")).SetAsync(Token)).ShouldBeNull();
        foreach (var words in (string[][])[["status"], ["down"], ["get", "devices"], ["up"]])
        {
            var call = await ByAnotherUserAsync([.. words, "--data", folder.File("data")]);
            call.Code.ShouldBe(1);
            call.Output.ShouldBeEmpty();
            call.Errors.ShouldBe($"error: {folder.File("data")} cannot be read: this user may not: run as the user whose fleet it is, or choose another folder with --data\n");
        }

        // Root may read everything, and still has no business in another user's fleet.
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", [Nobody, folder.File("data/.harmony-fleet")]);
            (await CliCall.RunAsync("down", "--purge", "--data", folder.File("data"))).ShouldBe(
                (1, string.Empty, $"error: the fleet of {folder.File("data")} belongs to user nobody ({Nobody}), so nothing there was touched: run as that user, or choose another folder with --data\n"));
            File.Exists(folder.File("data/fleet.json")).ShouldBeTrue();
        }
    }

    private Task<(int Code, string Output, string Errors)> FromADeletedFolderAsync(params string[] words) =>
        RunAsync("/bin/sh", ["-c", "mkdir \"$0\"; cd \"$0\"; rmdir \"$0\"; exec \"$@\"", folder.File("gone"), CliCall.Program, .. words]);

    /// <summary>Root becomes nobody, with a copy of the program in reach; anybody else loses the right to look.</summary>
    private async Task<(int Code, string Output, string Errors)> ByAnotherUserAsync(string[] words)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            File.SetUnixFileMode(folder.File("data"), UnixFileMode.None);
            try
            {
                return await CliCall.RunAsync(words);
            }
            finally
            {
                File.SetUnixFileMode(folder.File("data"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        using var copy = new TempFolder();
        await RunAsync("cp", ["-r", Path.GetDirectoryName(CliCall.Program)!, copy.File("cli")]);
        await RunAsync("chmod", ["-R", "a+rX", copy.Path, folder.Path]);
        File.SetUnixFileMode(folder.File("data"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return await RunAsync("setpriv", ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", copy.File($"cli/{Path.GetFileName(CliCall.Program)}"), .. words]);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string program, string[] words)
    {
        var start = new ProcessStartInfo(program, words) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["HOME"] = "/";
        using var process = await Spawner.StartAsync(start);
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var errors = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, await output, errors);
    }
}
