using System.Text;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Disks;
using Harmony.Fleet.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace Harmony.Fleet.Tests.Cli.Backups;

/// <summary>A fleet that was set up in <c>data</c>, and an operator that gives a copy of its store.</summary>
public sealed class BackupCommandTests : IAsyncLifetime
{
    private const string Twice = "long enough\nlong enough\n";

    private readonly CliUnderTest cli = new() { IsTerminal = true };
    private ScriptedServer server = null!;

    public async ValueTask InitializeAsync()
    {
        cli.Resize(500, 24);
        server = await ScriptedServer.StartAsync();
        server.On("GET /api/v1/backup", async (_, response) =>
        {
            response.ContentLength = 40_000;
            await response.Body.WriteAsync(new byte[40_000]);
        });
        foreach (var name in (string[])[".harmony-fleet", "fleet.json"])
        {
            cli.Write($"data/{name}", """{"id":"0123456789abcdef0123456789abcdef"}""");
        }

        cli.Write("data/keys/master.key", "the master key");
        cli.Write("data/token", ScriptedServer.Token);
        cli.Write("data/run/stack.json", $$"""{"server":"{{server.Address}}","tokenFile":"{{cli.Folder}}/data/token"}""");
        cli.Write("data/run/state.json", $$$"""{"phase":"Ready","devices":1,"folder":"{{{cli.Folder}}}/data","supervisor":{"pid":{{{ProcessIdentity.Self.Pid}}},"startTicks":{{{ProcessIdentity.Self.StartTicks}}} },"parts":[]}""");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Theory]
    [InlineData("there", 5, "CWD/there is there already: choose another name, or move it away")]
    [InlineData("nodir/b1", 2, "the folder CWD/nodir does not exist: make it, or choose another one")]
    [InlineData("there/b1", 2, "CWD/there is no folder: choose another one")]
    [InlineData("/proc/x", 2, "no file can be made in /proc: choose another folder")]
    public async Task Backup_ThatCannotBeWritten_IsToldBeforeThePassphraseIsAskedFor(string file, int code, string error)
    {
        cli.Write("there", "x");
        cli.Input = Twice;
        (await BackupAsync(file)).ShouldBe(new CliRun(code, string.Empty, $"error: {error}\n".Replace("CWD", cli.Folder, StringComparison.Ordinal)));
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Backup_SaysItsSize_AndTheLeastLength_BeforeItAsks()
    {
        cli.Input = Twice;
        var run = await BackupAsync("b1");
        run.Code.ShouldBe(0, run.Error);
        run.Out.ShouldMatch(@"^backup .*/b1 written \(39\.\d KiB\)\n$");
        run.Error.ShouldStartWith("Passphrase (at least 8 characters): ");
        Directory.EnumerateFiles(cli.Folder).Select(Path.GetFileName).ShouldBe(["b1"]);
    }

    /// <summary>Nothing of it comes before it is made, which takes minutes of a large store.</summary>
    [Fact]
    public async Task Store_ThatIsCopiedForLong_IsWaitedForAsLongAsTheOperatorAnswers_AndSaysSo()
    {
        var (time, copied) = (new ManualTime(), new TaskCompletionSource());
        (cli.Time, cli.IsTerminal) = (time, false);
        Answers(copied.Task);
        server.On("GET /healthz", "ok\n");
        var backup = BackupAsync("b1", "--passphrase-file", cli.Write("words", "long enough\n"));
        await Eventually.HoldsAsync(() => server.Requests.Any(request => request.Path == "/api/v1/backup"), "it is asked for");
        await time.PassAsync(TimeSpan.FromSeconds(10), () => time.Passed > TimeSpan.FromMinutes(3), "it waits");
        copied.SetResult();

        var run = await backup;
        run.Code.ShouldBe(0, run.Error);
        run.Error.ShouldContain("The operator still copies it, for 2 min ");
    }

    /// <summary>Two connections in a row that break, and whatever a proxy says, are no reason to give a copy of minutes up.</summary>
    [Fact]
    public async Task Looks_ThatFailNowAndThen_GiveNothingUp()
    {
        var (time, copied, looks) = (new ManualTime(), new TaskCompletionSource(), 0);
        (cli.Time, cli.IsTerminal) = (time, false);
        Answers(copied.Task);
        server.On("GET /healthz", async (_, response) =>
        {
            if (++looks % 4 is 1 or 2)
            {
                response.HttpContext.Abort();
                return;
            }

            response.StatusCode = looks % 4 is 3 ? 503 : 504;
            await response.WriteAsync("a proxy's page");
        });
        var backup = BackupAsync("b1", "--passphrase-file", cli.Write("words", "long enough\n"));
        await Eventually.HoldsAsync(() => server.Requests.Any(request => request.Path == "/api/v1/backup"), "it is asked for");
        await time.PassAsync(TimeSpan.FromSeconds(10), () => backup.IsCompleted || looks >= 12, "it waits");
        copied.SetResult();

        var run = await backup;
        run.Code.ShouldBe(0, run.Error);
        looks.ShouldBeGreaterThanOrEqualTo(12);
    }

    [Fact]
    public async Task Operator_ThatAnswersNothingMore_WhileItCopies_IsNotWaitedFor()
    {
        var time = new ManualTime();
        (cli.Time, cli.IsTerminal) = (time, false);
        Answers(Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken));
        server.On("GET /healthz", (_, response) => Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        var backup = BackupAsync("b1", "--passphrase-file", cli.Write("words", "long enough\n"));
        await time.PassAsync(TimeSpan.FromSeconds(31), () => backup.IsCompleted, "it gives up");

        var run = await backup;
        run.Code.ShouldBe(6);
        run.Error.ShouldContain("did not answer within 30 s");
        File.Exists($"{cli.Folder}/b1").ShouldBeFalse();
    }

    [Fact]
    public async Task Variables_ThatNameAnotherFleet_MeanNothing_BecauseItsStoreWouldGoWithTheKeysOfThisOne()
    {
        await using var other = await ScriptedServer.StartAsync();
        cli.Facing(other.Address.ToString());
        cli.Environment["HARMONY_FLEET_DATA"] = "data";
        cli.Input = Twice;

        (await cli.RunAsync("backup", "b1")).Code.ShouldBe(0);

        other.Requests.ShouldBeEmpty();
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task NoFleetOfTheFolder_Running_IsTold_ThoughAVariableNamesAnother()
    {
        cli.Facing(server.Address.ToString());
        File.Delete($"{cli.Folder}/data/run/state.json");
        cli.Input = Twice;

        (await BackupAsync("b1")).ShouldBe(new CliRun(6, string.Empty, $"error: no fleet runs from {cli.Folder}/data: start one with fleet up --data data\n"));

        cli.Environment["HARMONY_FLEET_DATA"] = "data";
        (await cli.RunAsync("backup", "b1")).ShouldBe(new CliRun(6, string.Empty, $"error: no fleet runs from {cli.Folder}/data: start one with fleet up\n"));
        server.Requests.ShouldBeEmpty();
        File.Exists($"{cli.Folder}/b1").ShouldBeFalse();
    }

    /// <summary>What its store holds is gone with the operator's process, and this is all that saves it.</summary>
    [Fact]
    public async Task FolderThatWasMovedAsAWhole_IsBackedUp_ByTheOperatorThatGoesOn()
    {
        server.On("GET /healthz", "ok\n");
        var moved = Move();
        using var held = LockFile.TryTake($"{moved}/run/lock").ShouldNotBeNull();
        cli.Input = Twice;
        var run = await cli.RunAsync("backup", "b1", "--data", "moved");
        run.Code.ShouldBe(0, run.Error);
        run.Error.ShouldStartWith($"{moved} was {cli.Folder}/data when its fleet was started, which goes on and stores nothing more: move it back, or make a backup now.\n");
        server.Requests.ShouldContain(request => request.Path == "/api/v1/backup" && request.Authorization == $"Bearer {ScriptedServer.Token}");
    }

    /// <summary>As where one is mounted at the other: nothing was moved, and the operator stores what it always did.</summary>
    [Fact]
    public async Task Folder_ThatHasTwoPaths_IsNotSaidToHaveBeenMoved()
    {
        server.On("GET /healthz", "ok\n");
        Directory.CreateSymbolicLink($"{cli.Folder}/moved", $"{cli.Folder}/data");
        using var held = LockFile.TryTake($"{cli.Folder}/data/run/lock").ShouldNotBeNull();
        cli.Input = Twice;
        var run = await cli.RunAsync("backup", "b1", "--data", "moved");
        run.Code.ShouldBe(0, run.Error);
        run.Error.ShouldStartWith("Passphrase");
    }

    [Fact]
    public async Task FolderThatWasMovedAsAWhole_OfAnOperatorThatDoesNotAnswer_SaysWhereToMoveIt()
    {
        var moved = Move();
        using var held = LockFile.TryTake($"{moved}/run/lock").ShouldNotBeNull();
        (await cli.RunAsync("backup", "b1", "--data", "moved")).ShouldBe(
            new CliRun(5, string.Empty, $"error: a fleet runs from {moved} that was started in {cli.Folder}/data: move the folder back to {cli.Folder}/data, and end it there\n"));
    }

    /// <summary>A copy may name any server, and is not that fleet's.</summary>
    [Fact]
    public async Task Copy_OfAFolder_AsksNobody()
    {
        server.On("GET /healthz", "ok\n");
        Move();
        (await cli.RunAsync("backup", "b1", "--data", "moved")).Code.ShouldBe(6);
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task ShortPassphrase_IsToldAfterTheFirstEntry()
    {
        cli.Input = "short\n";
        var run = await BackupAsync("b1");
        run.Code.ShouldBe(2);
        run.Error.ShouldNotContain("Again");
        run.Error.ShouldEndWith("error: a passphrase has at least 8 characters: whoever has the file can try as often as they like: take a long one\n");
    }

    [Theory]
    [InlineData("one line\nand another\n", "has more than one line")]
    [InlineData("\n", "holds no passphrase")]
    public async Task PassphraseFile_ThatHoldsNone_SaysWhy(string content, string why)
    {
        cli.Write("words", content);
        (await BackupAsync("b1", "--passphrase-file", "words")).ShouldBe(new CliRun(2, string.Empty, $"error: {cli.Folder}/words {why}: it should hold one line, the passphrase\n"));
    }

    [Theory]
    [InlineData("0644", true)]
    [InlineData("0640", true)]
    [InlineData("0600", false)]
    public async Task PassphraseFile_ThatOthersMayRead_IsTaken_AndToldOf(string mode, bool isTold)
    {
        File.SetUnixFileMode(cli.Write("words", "long enough\n"), (UnixFileMode)Convert.ToInt32(mode, 8));
        var run = await BackupAsync("b1", "--passphrase-file", "words");
        run.Code.ShouldBe(0, run.Error);
        run.Error.Contains($"Others may read {cli.Folder}/words, and with it open the backup: chmod 600 {cli.Folder}/words keeps it to its owner.\n", StringComparison.Ordinal).ShouldBe(isTold);
    }

    [Theory]
    [InlineData("nothere", "data", 2, "CWD/nothere does not exist")]
    [InlineData("folder", "data", 2, "CWD/folder is a folder: name the backup itself")]
    [InlineData("other", "data", 2, "CWD/other is no backup of a fleet")]
    [InlineData("backup", "data", 5, "a fleet was set up in CWD/data already: say --replace")]
    [InlineData("backup", "data --replace", 5, "a fleet runs from CWD/data already: end it with fleet down --data data")]
    public async Task Restore_ThatCannotBe_IsToldBeforeThePassphraseIsAskedFor(string file, string data, int code, string error)
    {
        Directory.CreateDirectory(Path.Combine(cli.Folder, "folder"));
        cli.Write("other", "some text that somebody wrote, longer than a header of a backup");
        cli.Write("backup", Header());
        using var held = LockFile.TryTake($"{cli.Folder}/data/run/lock").ShouldNotBeNull();
        cli.IsTerminal = false; // A question would be told of instead.
        var run = await cli.RunAsync(["restore", file, "--data", .. data.Split(' ')]);
        (run.Code, run.Out).ShouldBe((code, string.Empty));
        run.Error.ShouldStartWith($"error: {error}".Replace("CWD", cli.Folder, StringComparison.Ordinal));
    }

    private string Move()
    {
        Directory.Move($"{cli.Folder}/data", $"{cli.Folder}/moved");
        return $"{cli.Folder}/moved";
    }

    private void Answers(Task copied) => server.On("GET /api/v1/backup", async (_, response) =>
    {
        await copied.WaitAsync(response.HttpContext.RequestAborted);
        response.ContentLength = 40_000;
        await response.Body.WriteAsync(new byte[40_000]);
    });

    private static string Header() => Encoding.ASCII.GetString([.. "HFBACKUP"u8, 1, 1, 0, 0, 1, 0, .. new byte[16]]);

    private Task<CliRun> BackupAsync(string file, params string[] more) => cli.RunAsync(["backup", file, "--data", "data", .. more]);
}
