using System.Buffers.Binary;
using System.Text;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Backups;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Deploy.Backups;

/// <summary>A data folder with a store of one page, backed up.</summary>
public sealed class FleetRestoreTests : IAsyncLifetime
{
    private const string Passphrase = "correct horse battery";
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new();
    private string data = string.Empty;
    private string backup = string.Empty;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (data, backup) = (folder.File("fleet"), folder.File("fleet.backup"));
        Folders(data);
        (await new StackMark(data).SetAsync(Stop)).ShouldBeNull();
        Write("keys/master.key", "the master key");
        Write("keys/api.token", "the token");
        Write("operator/data/fleet.db", Store("as it was"));
        await BackUpAsync(backup);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task NewFolder_HasAllOfIt_ForItsOwnerAlone()
    {
        data = folder.File("elsewhere");
        (await RestoreAsync()).Value.ShouldBeNull();

        Read("keys/master.key").ShouldBe("the master key");
        Read("operator/data/fleet.db").ShouldBe(Store("as it was"));
        new StackMark(data).Owner().ShouldBeOfType<StackOwner.Fleet>();
        File.GetUnixFileMode(Path.Combine(data, "keys/master.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order().ShouldBe(["elsewhere", "fleet", "fleet.backup"]);
    }

    [Fact]
    public async Task FleetThatIsThere_IsReplacedOnlyWhenThatIsSaid_AndKept()
    {
        Write("operator/data/fleet.db", Store("what came later"));
        Write("operator/data/fleet.db-wal", "of the later one");
        Write("devices/device-1/state", "the device's own");

        (await RestoreAsync(isReplacing: false)).Fault!.Kind.ShouldBe(FaultKind.Conflict);
        Read("operator/data/fleet.db").ShouldBe(Store("what came later"));

        var kept = (await RestoreAsync()).Value.ShouldNotBeNull();
        Read("operator/data/fleet.db").ShouldBe(Store("as it was"));
        File.Exists(Path.Combine(data, "operator/data/fleet.db-wal")).ShouldBeFalse("a log of another database would be read into this one");
        File.ReadAllText(Path.Combine(kept, "fleet.db")).ShouldBe(Store("what came later"));
        Read("devices/device-1/state").ShouldBe("the device's own");
        Directory.Exists(Path.Combine(data, StackPaths.Restored)).ShouldBeFalse();
    }

    [Fact]
    public async Task StoreAndKeysThatAreGone_AreThereAgain()
    {
        Directory.Delete(Path.Combine(data, "operator"), recursive: true);
        File.Delete(Path.Combine(data, "keys/master.key"));

        (await RestoreAsync()).Fault.ShouldBeNull();

        (Read("operator/data/fleet.db"), Read("keys/master.key")).ShouldBe((Store("as it was"), "the master key"));
    }

    [Fact]
    public async Task WhatIsWrong_TouchesNothing()
    {
        Write("operator/data/fleet.db", Store("what came later"));
        var bytes = await File.ReadAllBytesAsync(backup, Stop);
        foreach (var (content, passphrase) in ((byte[], string)[])[(bytes, "another passphrase"), (bytes[..^1], Passphrase), ([], Passphrase), (new byte[500], Passphrase)])
        {
            await File.WriteAllBytesAsync(backup, content, Stop);
            (await new FleetRestore(data, time).RunAsync(backup, passphrase, isReplacing: true, Stop)).Fault!.Kind.ShouldBe(FaultKind.Invalid);
            Read("operator/data/fleet.db").ShouldBe(Store("what came later"));
            Directory.Exists(Path.Combine(data, StackPaths.Restored)).ShouldBeFalse();
        }

        (await new FleetRestore(data, time).RunAsync(folder.File("none"), Passphrase, isReplacing: true, Stop)).Fault.ShouldBe(Fault.Invalid($"{folder.File("none")} does not exist"));
        (await new FleetRestore(data, time).RunAsync(folder.Path, Passphrase, isReplacing: true, Stop)).Fault!.What.ShouldBe($"{folder.Path} is a folder");
    }

    [Fact]
    public async Task BackupOfAnotherFleet_IsRefused()
    {
        data = folder.File("another");
        Folders(data);
        (await new StackMark(data).SetAsync(Stop)).ShouldBeNull();

        (await RestoreAsync()).Fault!.What.ShouldContain("is of another fleet");
        Directory.Exists(Path.Combine(data, "operator")).ShouldBeFalse();
    }

    [Fact]
    public async Task BackupWithoutAStore_IsRefused()
    {
        Write("operator/data/fleet.db", "no database at all");
        var other = folder.File("other.backup");
        await BackUpAsync(other);

        (await new FleetRestore(folder.File("elsewhere"), time).RunAsync(other, Passphrase, isReplacing: false, Stop)).Fault!.What.ShouldContain("holds no store");
        Directory.Exists(folder.File("elsewhere")).ShouldBeFalse();
    }

    [Fact]
    public async Task InterruptedBetweenExchangeAndKeeping_TheNextOneKeepsWhatWasThere()
    {
        Write("restore/operator/data/fleet.db", Store("what came later"));

        (await RestoreAsync()).Fault.ShouldBeNull();

        Directory.EnumerateFiles(data, "fleet.db", SearchOption.AllDirectories).Select(File.ReadAllText).ShouldContain(Store("what came later"));
        Read("operator/data/fleet.db").ShouldBe(Store("as it was"));
    }

    [Fact]
    public async Task BackupThatIsThere_IsNotOverwritten()
    {
        using var store = new MemoryStream([1]);
        (await FleetBackup.WriteAsync(data, store, 1, backup, Passphrase, Stop)).Fault!.Kind.ShouldBe(FaultKind.Conflict);
        (await FleetBackup.WriteAsync(data, store, 2, folder.File("short"), Passphrase, Stop)).IsOk.ShouldBeFalse();
        Directory.EnumerateFiles(folder.Path).ShouldBe([backup]);
    }

    /// <summary>What stands beside a backup is somebody else's, whatever its name; of two that are written at once one is there in the end, for its owner alone.</summary>
    [Fact]
    public async Task Backup_TouchesNothingBesideIt_AndIsItsOwnersAlone()
    {
        var target = folder.File("second");
        await File.WriteAllTextAsync(folder.File("precious"), "kept", Stop);
        File.CreateSymbolicLink(target + ".new", folder.File("precious"));

        var written = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            await using var store = File.OpenRead(Path.Combine(data, "operator/data/fleet.db"));
            return await FleetBackup.WriteAsync(data, store, store.Length, target, Passphrase, Stop);
        }));

        written.Count(one => one.IsOk).ShouldBe(1);
        File.GetUnixFileMode(target).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await File.ReadAllTextAsync(folder.File("precious"), Stop)).ShouldBe("kept");
        Directory.EnumerateFiles(folder.Path).Order(StringComparer.Ordinal).ShouldBe([.. ((string[])[backup, folder.File("precious"), target, target + ".new"]).Order(StringComparer.Ordinal)]);
    }

    [Fact]
    public async Task WhatCanBeToldWithoutAPassphrase_IsToldBefore_AndNothingIsTouched()
    {
        FleetBackup.Refusal(backup)!.Kind.ShouldBe(FaultKind.Conflict);
        FleetBackup.Refusal(folder.File("none/b"))!.What.ShouldBe($"the folder {folder.File("none")} does not exist");
        FleetBackup.Refusal(folder.File("new")).ShouldBeNull();
        Directory.EnumerateFiles(folder.Path).ShouldBe([backup]);

        var restore = new FleetRestore(data, time);
        (await restore.RefusalAsync(folder.File("none"), isReplacing: true, Stop)).ShouldBe(Fault.Invalid($"{folder.File("none")} does not exist"));
        (await restore.RefusalAsync(backup, isReplacing: false, Stop))!.Kind.ShouldBe(FaultKind.Conflict);
        (await restore.RefusalAsync(backup, isReplacing: true, Stop)).ShouldBeNull();
        using (Harmony.Fleet.Disks.LockFile.TryTake(Path.Combine(data, StackPaths.Lock)).ShouldNotBeNull())
        {
            (await restore.RefusalAsync(backup, isReplacing: true, Stop))!.Kind.ShouldBe(FaultKind.Conflict);
        }
    }

    private static void Folders(string path) => Directory.CreateDirectory(path);

    /// <summary>A database of one page by its header, as text.</summary>
    private static string Store(string text)
    {
        var page = new byte[512];
        "SQLite format 3\0"u8.CopyTo(page);
        BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(16), 512);
        BinaryPrimitives.WriteUInt32BigEndian(page.AsSpan(28), 1);
        BinaryPrimitives.WriteInt32BigEndian(page.AsSpan(68), 0x48464C54);
        Encoding.ASCII.GetBytes(text, page.AsSpan(100));
        return Encoding.Latin1.GetString(page);
    }

    private Task<Outcome<string?>> RestoreAsync(bool isReplacing = true) => new FleetRestore(data, time).RunAsync(backup, Passphrase, isReplacing, Stop);

    private async Task BackUpAsync(string target)
    {
        await using var store = File.OpenRead(Path.Combine(data, "operator/data/fleet.db"));
        (await FleetBackup.WriteAsync(data, store, store.Length, target, Passphrase, Stop)).Fault.ShouldBeNull();
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(data, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, Encoding.Latin1);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string Read(string name) => File.ReadAllText(Path.Combine(data, name), Encoding.Latin1);
}
