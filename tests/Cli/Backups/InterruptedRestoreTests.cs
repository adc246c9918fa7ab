using System.Text;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Tests.Cli.Backups;

/// <summary>A restore that was killed leaves its folder with all keys of a fleet, and its lock, which nobody holds any more.</summary>
public sealed class InterruptedRestoreTests : IDisposable
{
    private readonly CliUnderTest cli = new() { Input = "long enough\n" };

    private string Left => Path.Combine(cli.Folder, "data.restore-0123abcd");

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("restore")]
    [InlineData("up")]
    public async Task WhatItLeft_IsRemovedByTheNext_WhichSaysSo(string command)
    {
        Leave("data.restore-0123abcd");
        cli.Write("data.restore-lock", "1\n");
        (await RunAsync(command)).Error.ShouldContain($"Removed {Left}, which holds keys: a restore left it that was killed. It had put nothing back.\n");
        Directory.EnumerateFileSystemEntries(cli.Folder, "data.restore*").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("restore", "another restore into CWD/data runs already (process ")]
    [InlineData("up", null)]
    public async Task WhatOneMakesThatRuns_IsLeftToIt(string command, string? told)
    {
        Leave("data.restore-0123abcd");
        using var held = LockFile.TryTake(Path.Combine(cli.Folder, "data.restore-lock")).ShouldNotBeNull();
        var run = await RunAsync(command);
        run.Error.ShouldNotContain("Removed");
        run.Error.ShouldContain(told?.Replace("CWD", cli.Folder, StringComparison.Ordinal) ?? string.Empty);
        File.Exists(Path.Combine(Left, "keys", "master.key")).ShouldBeTrue();
    }

    /// <summary>As before there was a lock.</summary>
    [Theory]
    [InlineData("restore")]
    [InlineData("up")]
    public async Task WhatNobodySaysToBeOfARestore_IsToldOf_AndStays(string command)
    {
        Leave("data.restore-0123abcd");
        (await RunAsync(command)).Error.ShouldContain($"{Left} looks like what a restore left that was killed: it holds all keys of a fleet then.");
        Directory.EnumerateFileSystemEntries(cli.Folder, "data.restore*").ShouldBe([Left]);
    }

    [Fact]
    public async Task WhatIsSomethingElse_Stays_AndIsNotToldOf()
    {
        cli.Write("data.restore-lock", "1\n");
        cli.Write("data.restore-0123abcd/notes.txt", "of somebody");
        cli.Write("data.restore-of-may/keys/master.key", "another name");
        cli.Write("other/keys/master.key", "elsewhere");
        Directory.CreateSymbolicLink(Path.Combine(cli.Folder, "data.restore-11111111"), Path.Combine(cli.Folder, "other"));
        cli.Write("data.restore-22222222", "a file");
        (await RunAsync("restore")).Error.ShouldNotContain("Removed");
        Directory.EnumerateFiles(cli.Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(cli.Folder, path)).Order(StringComparer.Ordinal).ShouldBe(
            ["backup", "data.restore-0123abcd/notes.txt", "data.restore-11111111/keys/master.key", "data.restore-22222222", "data.restore-of-may/keys/master.key", "other/keys/master.key", "words"],
            ignoreOrder: true);
    }

    /// <summary>Neither goes on to begin anything: the one's backup does not open, and the other's folder is somebody else's.</summary>
    private Task<CliRun> RunAsync(string command)
    {
        cli.Write("backup", Encoding.ASCII.GetString([.. "HFBACKUP"u8, 1, 1, 0, 0, 1, 0, .. new byte[16]]));
        if (command == "up")
        {
            cli.Write("data/somebodys.txt", "x");
        }

        return command == "up" ? cli.RunAsync("up", "--data", "data") : cli.RunAsync("restore", "backup", "--data", "data", "--passphrase-file", cli.Write("words", "long enough\n"));
    }

    private void Leave(string folder)
    {
        cli.Write($"{folder}/.harmony-fleet", "{}");
        cli.Write($"{folder}/keys/master.key", "the master key");
    }
}
