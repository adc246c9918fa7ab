using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Adapters.Sqlite.Native;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SQLitePCL;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

public sealed class OpeningTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static int Next => Migrations.All[^1].Version + 1;

    private string Path => folder.File("data/fleet.db");

    public static TheoryData<Exception> LibraryFailures =>
        [new DllNotFoundException("/usr/lib/page/of/paths"), new BadImageFormatException("/usr/lib/page/of/paths"), new TypeInitializationException("Provider", new DllNotFoundException("/usr/lib/page/of/paths"))];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Open_OfNothing_MakesTheFolderAndTheFile()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Path));

        File.Exists(Path).ShouldBeTrue();
        File.Exists(Path + "-wal").ShouldBeTrue("writes go to a log that is synced");
    }

    [Fact]
    public async Task Open_OfNothing_IsForItsOwnerAlone()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Path));
        await store.CreateAsync(ResourceTypes.Devices, new Device { Metadata = new ObjectMeta { Name = "pi-1" } }, Stop);

        Mode(folder.File("data")).ShouldBe("700");
        Directory.GetFiles(folder.File("data")).Select(file => $"{System.IO.Path.GetFileName(file)} {Mode(file)}").Order(StringComparer.Ordinal)
            .ShouldBe(["fleet.db 600", "fleet.db-shm 600", "fleet.db-wal 600", "fleet.db.lock 600", "fleet.db.mark 600"]);
    }

    [Fact]
    public async Task Open_InAFolderThatIsThere_LeavesItsRights()
    {
        const UnixFileMode Shared = (UnixFileMode)0b111_101_101;
        Directory.CreateDirectory(folder.File("data"));
        File.SetUnixFileMode(folder.File("data"), Shared);

        await using var store = StoreFactory.Open(StoreFactory.At(Path));

        File.GetUnixFileMode(folder.File("data")).ShouldBe(Shared);
        Mode(Path).ShouldBe("600");
    }

    [Fact]
    public async Task Open_Again_HasWhatWasThere()
    {
        await FillAsync();

        await using var store = StoreFactory.Open(StoreFactory.At(Path));

        (await store.GetAsync(ResourceTypes.Devices, new ResourceKey(null, "pi-1"), Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
    }

    [Fact]
    public async Task Open_OfAnOpenStore_IsRefused()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Path));

        var refused = StoreFactory.Refused(StoreFactory.At(Path));

        refused.Cause.ShouldBe(OpenRefusal.Held);
        refused.Reason.ShouldContain($"process {Environment.ProcessId}");
    }

    /// <summary>As somebody does with a lock file that looks stale.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_WhoseLockFileWasRemoved_IsRefusedAllTheSame(bool byAnotherPath)
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Path));
        File.Delete(Path + ".lock");
        var path = byAnotherPath ? folder.File("link.db") : Path;
        if (byAnotherPath)
        {
            File.CreateSymbolicLink(path, Path);
        }

        for (var times = 0; times < 2; times++)
        {
            var refused = StoreFactory.Refused(StoreFactory.At(path));
            refused.Cause.ShouldBe(OpenRefusal.Held);
            refused.Reason.ShouldContain($"The store {path} is in use by another process");
        }

        (await store.BeginTermAsync(Stop)).ShouldBe(1);
    }

    [Fact]
    public async Task Open_OfANewerSchema_IsRefusedAndLeavesItAsItWas()
    {
        await FillAsync();
        Sql(Path, $"INSERT INTO migrations VALUES ({Next}, 'of tomorrow', '2027')");
        var before = await File.ReadAllBytesAsync(Path, Stop);

        var refused = StoreFactory.Refused(StoreFactory.At(Path));

        refused.Cause.ShouldBe(OpenRefusal.Newer);
        refused.Reason.ShouldContain($"schema {Next}");
        (await File.ReadAllBytesAsync(Path, Stop)).ShouldBe(before);
    }

    [Fact]
    public async Task Open_OfAnOlderSchema_TakesTheStepsThatItHasNotSeen()
    {
        await FillAsync();
        var newer = Migrations.All.Add(new Migration(Next, "a table more", "CREATE TABLE more (id INTEGER)"));

        var outcome = SqliteStore.Open(StoreFactory.At(Path), newer, TimeProvider.System, Guid.NewGuid, NullLogger<SqliteStore>.Instance);

        await using (var store = outcome.ShouldBeOfType<OpenOutcome.Opened>().Store)
        {
            (await store.GetAsync(ResourceTypes.Devices, new ResourceKey(null, "pi-1"), Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
        }

        Sql(Path, "SELECT * FROM more");
        StoreFactory.Refused(StoreFactory.At(Path)).Cause.ShouldBe(OpenRefusal.Newer);
    }

    [Fact]
    public async Task Open_WithAStepThatFails_IsRefusedAndChangesNothing()
    {
        await FillAsync();
        var broken = Migrations.All.Add(new Migration(Next, "broken", "CREATE TABLE half (id INTEGER); CREATE TABLE resources (id INTEGER)"));

        SqliteStore.Open(StoreFactory.At(Path), broken, TimeProvider.System, Guid.NewGuid, NullLogger<SqliteStore>.Instance).ShouldBeOfType<OpenOutcome.Refused>();

        Should.Throw<SqliteException>(() => Sql(Path, "SELECT * FROM half"));
        await StoreFactory.Open(StoreFactory.At(Path)).DisposeAsync();
    }

    [Theory]
    [InlineData(0, "a header")]
    [InlineData(200, "the schema's page")]
    public async Task Open_OfADamagedFile_IsRefusedAndLeavesItAsItWas(int offset, string what)
    {
        await FillAsync();
        var bytes = await File.ReadAllBytesAsync(Path, Stop);
        bytes.AsSpan(offset, 3_000).Fill(0xA5);
        await File.WriteAllBytesAsync(Path, bytes, Stop);

        var refused = StoreFactory.Refused(StoreFactory.At(Path));

        refused.Cause.ShouldBe(OpenRefusal.Damaged, what);
        refused.Reason.ShouldContain("left as it is");
        (await File.ReadAllBytesAsync(Path, Stop)).ShouldBe(bytes);
    }

    [Fact]
    public async Task Open_OfACutFile_IsRefused()
    {
        await FillAsync();
        var bytes = await File.ReadAllBytesAsync(Path, Stop);
        await File.WriteAllBytesAsync(Path, bytes[..(bytes.Length / 2)], Stop);

        StoreFactory.Refused(StoreFactory.At(Path)).Cause.ShouldBe(OpenRefusal.Damaged);
    }

    [Fact]
    public async Task Open_OfSomeOtherFile_IsRefusedAndLeavesItAsItWas()
    {
        Directory.CreateDirectory(folder.File("data"));
        await File.WriteAllTextAsync(Path, "Dear diary, this is no database at all, and it shall stay as it is.", Stop);

        StoreFactory.Refused(StoreFactory.At(Path)).Cause.ShouldBe(OpenRefusal.Damaged);

        (await File.ReadAllTextAsync(Path, Stop)).ShouldStartWith("Dear diary");
    }

    [Fact]
    public void Open_OfAnotherProgramsDatabase_IsRefused()
    {
        Directory.CreateDirectory(folder.File("data"));
        SqliteLibrary.Problem().ShouldBeNull();
        Sql(Path, "CREATE TABLE theirs (id INTEGER)");

        StoreFactory.Refused(StoreFactory.At(Path)).Cause.ShouldBe(OpenRefusal.Foreign);
    }

    [Fact]
    public async Task Open_OfALogWithoutItsDatabase_IsRefusedAndKeepsTheLog()
    {
        Directory.CreateDirectory(folder.File("data"));
        await File.WriteAllTextAsync(Path + "-wal", "acknowledged writes", Stop);

        StoreFactory.Refused(StoreFactory.At(Path)).Cause.ShouldBe(OpenRefusal.Damaged);

        (await File.ReadAllTextAsync(Path + "-wal", Stop)).ShouldBe("acknowledged writes");
    }

    [Fact]
    public void Open_InAFile_IsRefused()
    {
        File.WriteAllText(folder.File("data"), "a file");

        var refused = StoreFactory.Refused(StoreFactory.At(Path));

        refused.Cause.ShouldBe(OpenRefusal.Unusable);
        refused.Reason.ShouldContain(Path);
    }

    [Fact]
    public void Open_OfAFolder_IsRefused()
    {
        Directory.CreateDirectory(Path);

        StoreFactory.Refused(StoreFactory.At(Path)).Cause.ShouldBe(OpenRefusal.Unusable);
    }

    [Theory]
    [MemberData(nameof(LibraryFailures))]
    public void Library_ThatCannotBeLoaded_IsOneSentenceThatSaysWhatToDo(Exception failure)
    {
        var sentence = SqliteLibrary.Load(() => throw failure).ShouldNotBeNull();

        sentence.ShouldContain("libe_sqlite3.so");
        sentence.ShouldContain("install the program again");
        sentence.ShouldNotContain("/usr/lib/page/of/paths");
    }

    [Fact]
    public void Library_IsTheOneThatCameWithTheProgram()
    {
        SqliteLibrary.Problem().ShouldBeNull();

        Version.Parse(raw.sqlite3_libversion().utf8_to_string()).ShouldBeGreaterThanOrEqualTo(new Version(3, 53, 4));
        File.ReadLines("/proc/self/maps").Where(line => line.Contains("sqlite3.so", StringComparison.Ordinal))
            .ShouldAllBe(line => line.EndsWith("/libe_sqlite3.so", StringComparison.Ordinal) && line.Contains(AppContext.BaseDirectory, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(raw.SQLITE_FULL, "full")]
    [InlineData(raw.SQLITE_READONLY, "read-only")]
    [InlineData(raw.SQLITE_BUSY, "another program")]
    [InlineData(raw.SQLITE_CANTOPEN, "rights")]
    [InlineData(raw.SQLITE_PERM, "rights")]
    [InlineData(raw.SQLITE_IOERR, "check the disk")]
    [InlineData(raw.SQLITE_NOTADB, "no SQLite database")]
    [InlineData(raw.SQLITE_CORRUPT, "damaged")]
    [InlineData(raw.SQLITE_NOMEM, "what it said")]
    public void Failure_OfSqlite_IsASentenceWithThePath(int code, string mentions)
    {
        var sentence = SqliteFailure.Sentence(code, "what it said", "/data/fleet.db");

        sentence.ShouldContain(mentions);
        sentence.ShouldContain("/data/fleet.db");
    }

    [Fact]
    public void Connection_ThatWrites_SyncsEachCommit()
    {
        SqliteLibrary.Problem().ShouldBeNull();
        using var connection = DatabaseFile.Connect(folder.File("plain.db"));
        DatabaseFile.MakeDurable(connection, 1L << 26, null);

        SchemaGuard.Number(connection, "PRAGMA synchronous").ShouldBe(2, "FULL");
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        command.ExecuteScalar().ShouldBe("wal");
    }

    private static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);

    private static void Sql(string path, string sql)
    {
        using var connection = DatabaseFile.Connect(path);
        SchemaGuard.Execute(connection, sql);
    }

    private async Task FillAsync()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Path));
        for (var i = 0; i < 50; i++)
        {
            (await store.CreateAsync(ResourceTypes.Devices, new Device { Metadata = new ObjectMeta { Name = $"pi-{i}" } }, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
        }
    }
}
