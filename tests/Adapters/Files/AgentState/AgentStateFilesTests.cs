using Harmony.Fleet.Adapters.Files.AgentState;
using Harmony.Fleet.Disks;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Ports.State;
using Harmony.Fleet.Tests.Adapters.Files.Disks;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Adapters.Files.AgentState;

public sealed class AgentStateFilesTests : IDisposable
{
    private static readonly string[] CopyNames = ["manifest.state", "manifest.copy.state"];

    private readonly TempFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Load_NothingYet_IsEmpty() => (await Store().LoadAsync(Ct)).ShouldBeOfType<StateLoad.Empty>();

    [Fact]
    public async Task Load_AfterSave_GivesTheSame()
    {
        await SavedAsync(Manifest(3));
        await SavedAsync(Manifest(4));
        Same((await LoadedAsync()).Manifest, Manifest(4));
    }

    [Fact]
    public async Task Load_OneCopyDamaged_GivesTheOtherAndMends()
    {
        foreach (var name in CopyNames)
        {
            await SavedAsync(Manifest(4));
            Flip(name, 100);
            var loaded = await LoadedAsync();
            Same(loaded.Manifest, Manifest(4));
            loaded.Mended.ShouldHaveSingleItem().ShouldContain("damaged");
            File.Exists(folder.File(name + ".corrupt")).ShouldBeTrue();
            (await LoadedAsync()).Mended.ShouldBeEmpty();
            File.ReadAllBytes(folder.File(CopyNames[0])).ShouldBe(File.ReadAllBytes(folder.File(CopyNames[1])));
        }
    }

    [Fact]
    public async Task Load_BothCopiesDamaged_IsCorruptAndKeepsThemAside()
    {
        await SavedAsync(Manifest(4));
        Array.ForEach(CopyNames, name => Flip(name, 7));
        (await Store().LoadAsync(Ct)).ShouldBeOfType<StateLoad.Corrupt>().Reason.ShouldContain("manifest.state.corrupt");
        CopyNames.ShouldAllBe(name => File.Exists(folder.File(name + ".corrupt")));
        await SavedAsync(Manifest(5));
        Same((await LoadedAsync()).Manifest, Manifest(5));
    }

    [Fact]
    public async Task Load_OneCopyUnreadable_GivesTheOther()
    {
        foreach (var name in CopyNames)
        {
            await SavedAsync(Manifest(4));
            var disk = new WornDisk(new PosixDisk()) { BadFiles = { folder.File(name) } };
            var loaded = (await Store(disk).LoadAsync(Ct)).ShouldBeOfType<StateLoad.Loaded>();
            Same(loaded.Manifest, Manifest(4));
            loaded.Mended.ShouldHaveSingleItem().ShouldContain("Input/output error");
            (await LoadedAsync()).Mended.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Load_OneCopyFarTooLarge_GivesTheOther()
    {
        await SavedAsync(Manifest(4));
        File.WriteAllBytes(folder.File(CopyNames[0]), new byte[ManifestEnvelope.MaxBytes + 1]);
        Same((await LoadedAsync()).Manifest, Manifest(4));
    }

    [Fact]
    public async Task Load_ReadOnlyDiskAndOneCopyDamaged_GivesTheOther()
    {
        foreach (var name in CopyNames)
        {
            await SavedAsync(Manifest(4));
            Flip(name, 100);
            var loaded = (await Store(new WornDisk(new PosixDisk()) { IsReadOnly = true }).LoadAsync(Ct)).ShouldBeOfType<StateLoad.Loaded>();
            Same(loaded.Manifest, Manifest(4));
            loaded.Mended.ShouldHaveSingleItem().ShouldContain("could not be put aside");
            File.Exists(folder.File(name)).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Load_NoCopyWholeAndOneUnreadable_IsUnreadableAndTouchesNothing(bool isOtherThere)
    {
        await SavedAsync(Manifest(4));
        Flip(CopyNames[1], 100);
        if (!isOtherThere)
        {
            File.Delete(folder.File(CopyNames[1]));
        }

        var disk = new WornDisk(new PosixDisk()) { BadFiles = { folder.File(CopyNames[0]) } };
        (await Store(disk).LoadAsync(Ct)).ShouldBeOfType<StateLoad.Unreadable>().Reason.ShouldContain("Input/output error");
        Same((await LoadedAsync()).Manifest, Manifest(4)); // It was a loose cable.
    }

    [Fact]
    public async Task Save_PowerGoesAtAnyStep_LeavesTheOldOrTheNew()
    {
        var step = 0;
        for (var done = false; !done; step++)
        {
            await SavedAsync(Manifest(1));
            var disk = new FaultyDisk(new PosixDisk(), step);
            done = await Store(disk).SaveAsync(Manifest(2), Ct) is SaveOutcome.Saved;
            var found = (await LoadedAsync()).Manifest;
            Same(found, Manifest(found.Mark.Generation.Counter));
            found.Mark.Generation.Counter.ShouldBeOneOf(done ? [2L] : [1L, 2L]);
            Same((await LoadedAsync()).Manifest, found);
        }

        step.ShouldBeGreaterThan(6, "each copy is written, renamed and flushed");
    }

    [Fact]
    public async Task Save_DiskFull_SaysSoAndKeepsTheOld()
    {
        await SavedAsync(Manifest(1));
        var failed = (await Store(new FaultyDisk(new PosixDisk(), 0)).SaveAsync(Manifest(2), Ct)).ShouldBeOfType<SaveOutcome.Failed>();
        failed.Reason.ShouldContain(folder.Path);
        failed.Reason.ShouldContain("No space left");
        Same((await LoadedAsync()).Manifest, Manifest(1));
    }

    [Fact]
    public async Task Load_FolderIsAFile_IsOneSentence()
    {
        File.WriteAllText(folder.File("state"), string.Empty);
        var store = new AgentStateFiles(folder.File("state"), NullLogger<AgentStateFiles>.Instance);
        (await store.LoadAsync(Ct)).ShouldBeOfType<StateLoad.Unreadable>().Reason.ShouldContain(folder.File("state"));
        (await store.SaveAsync(Manifest(1), Ct)).ShouldBeOfType<SaveOutcome.Failed>();
    }

    [Theory]
    [InlineData("/proc/x", "The state folder '/proc/x' cannot be used: no folder can be made in /proc.")]
    [InlineData("/dev/null/x", "The state folder '/dev/null/x' cannot be used: /dev/null is a device, not a folder.")]
    public async Task Load_FolderThatCannotBe_SaysWhy(string path, string why) =>
        (await new AgentStateFiles(path, NullLogger<AgentStateFiles>.Instance).LoadAsync(Ct)).ShouldBeOfType<StateLoad.Unreadable>().Reason.ShouldBe(why);

    /// <summary>Nothing in it was ever kept: to end would mean to be started, and to end, for ever.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Load_SomethingElseInThePlaceOfBothCopies_IsCorruptUntilAManifestIsKept(bool areFolders)
    {
        foreach (var name in CopyNames)
        {
            Directory.CreateDirectory(folder.File(name + ".corrupt/of an earlier time"));
            if (areFolders)
            {
                Directory.CreateDirectory(folder.File(name + "/in"));
                Directory.CreateDirectory(folder.File(name + ".new/in"));
            }
            else
            {
                await folder.PipeAsync(name);
                await folder.PipeAsync(name + ".new");
            }
        }

        var reason = (await Store().LoadAsync(Ct)).ShouldBeOfType<StateLoad.Corrupt>().Reason;
        reason.ShouldStartWith(
            $"The state file '{folder.File("manifest.state")}' is damaged (it is a {(areFolders ? "folder" : "pipe")}, not a file); it was kept as '{folder.File("manifest.state.corrupt-2")}'.");
        (await Store().LoadAsync(Ct)).ShouldBeOfType<StateLoad.Corrupt>("a restart heals nothing");
        await SavedAsync(Manifest(5));
        Same((await LoadedAsync()).Manifest, Manifest(5));
    }

    [Fact]
    public async Task Load_AFolderInThePlaceOfOneCopy_GivesTheOtherAndMends()
    {
        foreach (var name in CopyNames)
        {
            await SavedAsync(Manifest(4));
            File.Delete(folder.File(name));
            Directory.CreateDirectory(folder.File(name));
            var loaded = await LoadedAsync();
            Same(loaded.Manifest, Manifest(4));
            loaded.Mended.ShouldHaveSingleItem().ShouldContain("it is a folder, not a file");
            (await LoadedAsync()).Mended.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Score_WithSomethingElseInItsPlace_CanBeKept()
    {
        await folder.PipeAsync("scores");
        await Store().LoadAsync(Ct);
        var address = Digest.Of("x"u8);
        Directory.CreateDirectory(folder.File($"scores/{address}/in"));
        (await Store().LoadScoreAsync(address, Ct)).ShouldBeNull();
        (await Store().SaveScoreAsync(address, "x"u8.ToArray(), Ct)).ShouldBeOfType<SaveOutcome.Saved>();
        (await Store().LoadScoreAsync(address, Ct)).ShouldBe("x"u8.ToArray());
    }

    [Fact]
    public async Task Save_WithAFolderInTheWay_SaysSo()
    {
        Directory.CreateDirectory(folder.File("manifest.state"));
        (await Store().SaveAsync(Manifest(1), Ct)).ShouldBeOfType<SaveOutcome.Failed>().Reason.ShouldBe(
            $"The state folder '{folder.Path}' cannot be written: {folder.File("manifest.state")} is a folder, not a file.");
        await folder.PipeAsync("manifest.copy.state.new");
        (await Store().SaveAsync(Manifest(1), Ct)).ShouldBeOfType<SaveOutcome.Failed>().Reason.ShouldContain("manifest.copy.state.new is a pipe, not a file.");
    }

    [Fact]
    public async Task Save_Files_AreForTheirOwnerAlone()
    {
        await SavedAsync(Manifest(1));
        await Store().SaveScoreAsync(Digest.Of("x"u8), "x"u8.ToArray(), Ct);
        var files = Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).ToArray();
        files.Length.ShouldBe(3);
        files.ShouldAllBe(file => File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task Score_KeptAndSwept()
    {
        var (kept, gone) = ("kept"u8.ToArray(), "gone"u8.ToArray());
        foreach (var score in new[] { kept, gone })
        {
            (await Store().SaveScoreAsync(Digest.Of(score), score, Ct)).ShouldBeOfType<SaveOutcome.Saved>();
        }

        await Store().SweepScoresAsync(new HashSet<Digest> { Digest.Of(kept) }, Ct);
        (await Store().LoadScoreAsync(Digest.Of(kept), Ct)).ShouldBe(kept);
        (await Store().LoadScoreAsync(Digest.Of(gone), Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Score_AnyBitFlippedOrAnyTruncation_IsNotThere()
    {
        var score = "a score"u8.ToArray();
        var file = folder.File(Path.Combine("scores", Digest.Of(score).Value));
        for (var bit = 0; bit < score.Length * 8; bit++)
        {
            await Store().SaveScoreAsync(Digest.Of(score), score, Ct);
            var bytes = (byte[])score.Clone();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(file, bytes);
            (await Store().LoadScoreAsync(Digest.Of(score), Ct)).ShouldBeNull();
        }

        for (var length = 0; length < score.Length; length++)
        {
            File.WriteAllBytes(file, score[..length]);
            (await Store().LoadScoreAsync(Digest.Of(score), Ct)).ShouldBeNull();
        }
    }

    public void Dispose() => folder.Dispose();

    private static HeldManifest Manifest(long counter)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes($$"""{"device":"pi-1","generation":{"term":1,"counter":{{counter}}},"entries":[]}""");
        return new HeldManifest(new ManifestMark(new Generation(1, counter), Digest.Of(bytes)), bytes, "1:bWFj");
    }

    private static void Same(HeldManifest found, HeldManifest expected)
    {
        found.Mark.ShouldBe(expected.Mark);
        found.Mac.ShouldBe(expected.Mac);
        found.Bytes.ToArray().ShouldBe(expected.Bytes.ToArray());
    }

    private AgentStateFiles Store(IDisk? disk = null) => new(folder.Path, disk ?? new PosixDisk(), NullLogger<AgentStateFiles>.Instance);

    private async Task SavedAsync(HeldManifest manifest) => (await Store().SaveAsync(manifest, Ct)).ShouldBeOfType<SaveOutcome.Saved>();

    private async Task<StateLoad.Loaded> LoadedAsync() => (await Store().LoadAsync(Ct)).ShouldBeOfType<StateLoad.Loaded>();

    private void Flip(string name, int bit)
    {
        var bytes = File.ReadAllBytes(folder.File(name));
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        File.WriteAllBytes(folder.File(name), bytes);
    }
}
