using System.Text;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Tests.Cli.Backups;

/// <summary>A restore that was killed leaves its folder with all keys of a fleet, and its lock, which nobody holds any more.</summary>
public sealed class InterruptedRestoreTests : IDisposable
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    private readonly CliUnderTest cli = new() { Input = "long enough\n" };

    private string Left => Path.Combine(cli.Folder, "data.restore-0123abcd");

    private string Lock => Path.Combine(cli.Folder, "data.restore-lock");

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("restore")]
    [InlineData("up")]
    public async Task WhatItLeft_IsRemovedByTheNext_WhichSaysSo(string command)
    {
        Leave("data.restore-0123abcd");
        cli.Write("data.restore-lock", "1\nnoted:\n");
        (await RunAsync(command)).Error.ShouldContain($"Removed {Left}, which holds keys: a restore left it that was killed. It had put nothing back.\n");
        Directory.EnumerateFileSystemEntries(cli.Folder, "data.restore*").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("restore", "another restore")]
    [InlineData("up", "a restore")]
    public async Task WhatOneMakesThatRuns_IsLeftToIt(string command, string what)
    {
        Leave("data.restore-0123abcd");
        using var held = LockFile.TryTake(Lock).ShouldNotBeNull();
        var run = await RunAsync(command);
        run.Code.ShouldBe(5);
        run.Error.ShouldNotContain("Removed");
        run.Error.ShouldContain($"{what} into {cli.Folder}/data runs already (process {Environment.ProcessId})");
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

    [Theory]
    [InlineData("restore")]
    [InlineData("up")]
    public async Task Lock_ThatIsALink_IsNotFollowed(string command)
    {
        var victim = cli.Write("victim", "precious");
        File.CreateSymbolicLink(Lock, victim);
        Leave("data.restore-0123abcd");
        var run = await RunAsync(command);
        (await File.ReadAllTextAsync(victim, TestContext.Current.CancellationToken)).ShouldBe("precious");
        new FileInfo(Lock).LinkTarget.ShouldBe(victim);
        Directory.Exists(Left).ShouldBeTrue();
        run.Error.ShouldContain(command == "restore" ? $"nothing can be restored into {cli.Folder}/data: {Lock} is in the way: it is a link, not a file" : $"{Left} looks like");
    }

    [Theory]
    [InlineData("restore")]
    [InlineData("up")]
    public async Task Lock_ThatIsAFileOfTheUsersOwn_StaysAsItWas(string command)
    {
        cli.Write("data.restore-lock", "notes\n");
        Leave("data.restore-0123abcd");
        var run = await RunAsync(command);
        (await File.ReadAllTextAsync(Lock, TestContext.Current.CancellationToken)).ShouldBe("notes\n");
        Directory.Exists(Left).ShouldBeTrue();
        run.Error.ShouldContain(command == "restore" ? $"{Lock} is in the way: it holds something else than such a lock does" : $"{Left} looks like");
    }

    /// <summary>Whose folder it is comes first.</summary>
    [Fact]
    public async Task Up_InAFolderOfSomebodys_TouchesNothingBesideIt()
    {
        Leave("data.restore-0123abcd");
        cli.Write("data.restore-lock", "1\nnoted:\n");
        cli.Write("data/somebodys.txt", "x");
        (await cli.RunAsync("up", "--data", "data")).Code.ShouldBe(2);
        File.Exists(Lock).ShouldBeTrue();
        Directory.Exists(Left).ShouldBeTrue();
    }

    /// <summary>It was there before the restore began that was killed; or that had only begun.</summary>
    [Theory]
    [InlineData("restore", "1\nnoted: 0123abcd\n")]
    [InlineData("up", "1\nnoted: 0123abcd\n")]
    [InlineData("restore", "1\n")]
    [InlineData("up", "1\n")]
    public async Task WhatWasThereBefore_IsToldOf_AndStays(string command, string held)
    {
        Leave("data.restore-0123abcd");
        cli.Write("data.restore-lock", held);
        (await RunAsync(command)).Error.ShouldContain($"{Left} looks like what a restore left that was killed");
        File.Exists(Path.Combine(Left, "keys", "master.key")).ShouldBeTrue();
        File.Exists(Lock).ShouldBeFalse();
    }

    /// <summary>Restored for a look, and not up yet. What was only begun to be written is none.</summary>
    [Theory]
    [InlineData(8192, false)]
    [InlineData(8191, true)]
    [InlineData(50, true)]
    public async Task FleetWithAWholeStore_IsToldOf_AndStays(int length, bool isRemoved)
    {
        Leave("data.restore-20261128");
        var store = new byte[8192];
        "SQLite format 3\0"u8.CopyTo(store);
        (store[16], store[31]) = (0x10, 2);
        Directory.CreateDirectory(Path.Combine(cli.Folder, "data.restore-20261128/operator/data"));
        await File.WriteAllBytesAsync(Path.Combine(cli.Folder, "data.restore-20261128/operator/data/fleet.db"), store[..length], TestContext.Current.CancellationToken);
        cli.Write("data.restore-lock", "1\nnoted:\n");
        (await RunAsync("up")).Error.ShouldContain(isRemoved ? "Removed" : "looks like");
        Directory.Exists(Path.Combine(cli.Folder, "data.restore-20261128")).ShouldBe(!isRemoved);
    }

    /// <summary>The name is no pattern, and the wrong folder is none of this one's.</summary>
    [Fact]
    public async Task NamesThatAreAlike_AreOfOtherFolders()
    {
        Leave("data.restore-0123abcd");
        cli.Write("dat?.restore-lock", "1\nnoted:\n");
        cli.Write("dat?/.harmony-fleet", $$"""{"id":"{{Id}}"}""");
        cli.Write("dat?/fleet.json", $$"""{"id":"{{Id}}","devices":"many"}""");
        var error = (await cli.RunAsync("up", "--data", "dat?")).Error;
        error.ShouldContain("has devices \"many\"");
        error.ShouldNotContain(Left);
        Directory.Exists(Left).ShouldBeTrue();
    }

    [Fact]
    public async Task WhatIsSomethingElse_Stays_AndIsNotToldOf()
    {
        cli.Write("data.restore-lock", "1\nnoted:\n");
        cli.Write("data.restore-0123abcd/notes.txt", "of somebody");
        Directory.CreateDirectory(Path.Combine(cli.Folder, "data.restore-33333333"));
        cli.Write("data.restore-of-may/keys/master.key", "another name");
        cli.Write("other/keys/master.key", "elsewhere");
        Directory.CreateSymbolicLink(Path.Combine(cli.Folder, "data.restore-11111111"), Path.Combine(cli.Folder, "other"));
        cli.Write("data.restore-22222222", "a file");
        var error = (await RunAsync("restore")).Error;
        error.ShouldNotContain("Removed");
        error.ShouldNotContain("looks like");
        Directory.Exists(Path.Combine(cli.Folder, "data.restore-33333333")).ShouldBeTrue("it is empty");
        Directory.EnumerateFiles(cli.Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(cli.Folder, path)).Order(StringComparer.Ordinal).ShouldBe(
            ["backup", "data.restore-0123abcd/notes.txt", "data.restore-11111111/keys/master.key", "data.restore-22222222", "data.restore-of-may/keys/master.key", "other/keys/master.key", "words"],
            ignoreOrder: true);
    }

    /// <summary>Neither goes on to begin anything: the one's backup does not open, and the other's fleet has a file that makes no sense.</summary>
    private Task<CliRun> RunAsync(string command)
    {
        cli.Write("backup", Encoding.ASCII.GetString([.. "HFBACKUP"u8, 1, 1, 0, 0, 1, 0, .. new byte[16]]));
        if (command == "up")
        {
            cli.Write("data/.harmony-fleet", $$"""{"id":"{{Id}}"}""");
            cli.Write("data/fleet.json", $$"""{"id":"{{Id}}","devices":"many"}""");
        }

        return command == "up" ? cli.RunAsync("up", "--data", "data") : cli.RunAsync("restore", "backup", "--data", "data", "--passphrase-file", cli.Write("words", "long enough\n"));
    }

    private void Leave(string folder)
    {
        cli.Write($"{folder}/.harmony-fleet", "{}");
        cli.Write($"{folder}/keys/master.key", "the master key");
    }
}
