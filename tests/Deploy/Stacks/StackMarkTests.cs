using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Stacks;

/// <summary>Only the mark tells a fleet's folder, with an id that fleet.json repeats: everything else is somebody else's.</summary>
public sealed class StackMarkTests : IDisposable
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    private readonly TempFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Mark_OnceSet_IsThisUsersFleet()
    {
        var mark = new StackMark(folder.File("data"));
        mark.Owner().ShouldBe(new StackOwner.Nobody());
        (await mark.SetAsync(Token)).ShouldBeNull();
        var id = mark.Owner().ShouldBeOfType<StackOwner.Fleet>().Id;
        (await mark.SetAsync(Token)).ShouldBeNull();
        mark.Owner().ShouldBe(new StackOwner.Fleet(id), "it was set already");
    }

    /// <summary>What others keep under names that a fleet has, too: each entry is a file, or a link where it has an arrow.</summary>
    [Theory]
    [InlineData("devices/disk.img keys/ssh logs/app.log nats/x operator/y run/z")]
    [InlineData("fleet.json")]
    [InlineData("fleet.json keys/master.key logs/nats.log")]
    [InlineData("keys/master.key devices/device-1/podman/storage/db.sql")]
    [InlineData(".harmony-fleet logs/app.log")]
    [InlineData(".harmony-fleet/config")]
    [InlineData(".harmony-fleet=>elsewhere logs/app.log")]
    [InlineData("fleet.json=>elsewhere .harmony-fleet keys/master.key")]
    [InlineData("keys=>elsewhere logs=>elsewhere")]
    public async Task Folder_OfSomebodyElse_IsNeitherTakenNorTouched(string entries)
    {
        var names = entries.Split(' ');
        Array.ForEach(names, Make);
        await NothingHappensAsync();
    }

    [Theory]
    [InlineData("""{"id":"0123456789abcdef0123456789abcdef"}""", """{"id":"ffffffffffffffffffffffffffffffff","devices":1}""")]
    [InlineData("""{"id":"0123456789abcdef0123456789abcdef"}""", """{"devices":1}""")]
    [InlineData("""{"id":"0123456789abcdef0123456789abcdef"}""", "{{{")]
    [InlineData("""{"id":"0123456789abcdef0123456789abcdef"}""", "[]")]
    [InlineData("""{"id":"0123456789abcdef0123456789abcdef"}""", null)]
    [InlineData("""{"id":""}""", """{"id":""}""")]
    [InlineData("""{"id":"../../../../../../../../../../.."}""", """{"id":"../../../../../../../../../../.."}""")]
    [InlineData("{}", "{}")]
    [InlineData("null", "null")]
    [InlineData("A fleet was set up in this folder; fleet down --purge removes what it made.\n", """{"devices":1,"request":0}""")]
    public async Task Folder_WhoseMarkAndFileDiffer_IsNeitherTakenNorTouched(string mark, string? wish)
    {
        File.WriteAllText(folder.File(".harmony-fleet"), mark);
        Make("keys/master.key");
        if (wish is not null)
        {
            File.WriteAllText(folder.File("fleet.json"), wish);
        }

        await NothingHappensAsync();
    }

    [Fact]
    public async Task Folder_ThatIsAFile_IsToldAndKept()
    {
        File.WriteAllText(folder.File("data"), "dear");
        var why = (await new StackMark(folder.File("data")).SetAsync(Token)).ShouldNotBeNull();
        why.ToString().ShouldBe($"{folder.File("data")} is no folder: choose another one with --data");
        (await new StackRemoval(folder.File("data")).PurgeAsync(Token)).ShouldBe(why);
        File.ReadAllText(folder.File("data")).ShouldBe("dear");
    }

    [Fact]
    public async Task Purge_OfAFleet_FollowsNoLinkOutOfIt()
    {
        var data = folder.File("data");
        (await new StackMark(data).SetAsync(Token)).ShouldBeNull();
        Make("elsewhere/podman/letter");
        Make("elsewhere/letter");
        Directory.CreateSymbolicLink(Path.Combine(data, "devices"), folder.File("elsewhere"));
        Directory.CreateDirectory(Path.Combine(data, "logs"));
        Directory.CreateSymbolicLink(Path.Combine(data, "logs/old"), folder.File("elsewhere"));
        File.CreateSymbolicLink(Path.Combine(data, "ports.json"), folder.File("elsewhere/letter"));
        (await new StackRemoval(data).PurgeAsync(Token)).ShouldBeNull();
        Directory.Exists(data).ShouldBeFalse();
        Everything().ShouldBe([folder.File("elsewhere"), folder.File("elsewhere/letter"), folder.File("elsewhere/podman"), folder.File("elsewhere/podman/letter")]);
    }

    [Fact]
    public async Task Purge_OfAFleetThroughALink_RemovesWhatTheFleetMade()
    {
        Directory.CreateDirectory(folder.File("disk"));
        Directory.CreateSymbolicLink(folder.File("data"), folder.File("disk"));
        (await new StackMark(folder.File("data")).SetAsync(Token)).ShouldBeNull();
        Make("disk/photo");
        (await new StackRemoval(folder.File("data")).PurgeAsync(Token)).ShouldBeNull();
        Directory.GetFileSystemEntries(folder.File("disk")).ShouldBe([folder.File("disk/photo")]);
    }

    [Fact]
    public async Task Purge_ThatWasInterrupted_GoesOn()
    {
        (await new StackMark(folder.Path).SetAsync(Token)).ShouldBeNull();
        File.Delete(folder.File("fleet.json"));
        (await new StackRemoval(folder.Path).PurgeAsync(Token)).ShouldBeNull();
        Directory.Exists(folder.Path).ShouldBeFalse();
    }

    /// <summary>As a setting that was interrupted leaves it. What is made next must not make the fleet nobody's.</summary>
    [Fact]
    public async Task Mark_ThatIsThereAlone_IsSetWhole()
    {
        File.WriteAllText(folder.File(".harmony-fleet"), $$"""{"id":"{{Id}}"}""");
        (await new StackMark(folder.Path).SetAsync(Token)).ShouldBeNull();
        Make("keys/master.key");
        new StackMark(folder.Path).Owner().ShouldBe(new StackOwner.Fleet(Id));
        (await new StackRemoval(folder.Path).PurgeAsync(Token)).ShouldBeNull();
        Directory.Exists(folder.Path).ShouldBeFalse();
    }

    /// <summary>A fleet whose wish makes no sense does not start, but it is this user's, and can be removed.</summary>
    [Theory]
    [InlineData("\"2\"")]
    [InlineData("null")]
    [InlineData("100000")]
    public async Task Fleet_WithANumberThatMakesNoSense_IsStillTheUsers(string devices)
    {
        (await new StackMark(folder.File("data")).SetAsync(Token)).ShouldBeNull();
        var id = new StackMark(folder.File("data")).Owner().ShouldBeOfType<StackOwner.Fleet>().Id;
        File.WriteAllText(folder.File("data/fleet.json"), $$"""{"id":"{{id}}","devices":{{devices}}}""");
        new StackMark(folder.File("data")).Owner().ShouldBe(new StackOwner.Fleet(id));
        (await new StackRemoval(folder.File("data")).PurgeAsync(Token)).ShouldBeNull();
        Directory.Exists(folder.File("data")).ShouldBeFalse();
    }

    [Fact]
    public async Task Purge_OfVeryManyDevices_TellsHowManyAreLeft()
    {
        const int Many = 2000;
        (await new StackMark(folder.File("data")).SetAsync(Token)).ShouldBeNull();
        foreach (var number in Enumerable.Range(1, Many))
        {
            Directory.CreateDirectory(folder.File($"data/devices/device-{number}/podman"));
        }

        var left = new System.Collections.Concurrent.ConcurrentBag<int>();
        (await new StackRemoval(folder.File("data")).PurgeAsync(new Told(left.Add), Token)).ShouldBeNull();
        left.Order().ShouldBe(Enumerable.Range(0, Many));
        Directory.Exists(folder.File("data")).ShouldBeFalse();
    }

    [Fact]
    public async Task Fleet_WithinWhatAnotherOneKeeps_IsNotSetUp()
    {
        (await new StackMark(folder.Path).SetAsync(Token)).ShouldBeNull();
        foreach (var inner in (string[])["devices", "devices/device-1/podman/storage", "logs/lab"])
        {
            var why = (await new StackMark(folder.File(inner)).SetAsync(Token)).ShouldNotBeNull();
            why.ShouldBe(Fault.Invalid($"{folder.File(inner)} lies within what the fleet of {folder.Path} keeps, and would be removed with it", "choose another data folder: --data DIR"));
        }

        (await new StackMark(folder.File("beside")).SetAsync(Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Purge_WithAnotherFleetWithin_RemovesNeither()
    {
        (await new StackMark(folder.File("lab")).SetAsync(Token)).ShouldBeNull();
        (await new StackMark(folder.File("data")).SetAsync(Token)).ShouldBeNull();
        Directory.CreateDirectory(folder.File("data/logs"));
        Directory.Move(folder.File("lab"), folder.File("data/logs/lab"));
        var before = Everything();
        var why = (await new StackRemoval(folder.File("data")).PurgeAsync(Token)).ShouldNotBeNull();
        why.Kind.ShouldBe(FaultKind.Conflict);
        why.Advice.ShouldBe("remove that one first: fleet down --purge");
        why.DataFolder.ShouldBe(folder.File("data/logs/lab"));
        Everything().Except([folder.File("data/run"), folder.File("data/run/lock")]).ShouldBe(before);
    }

    [Theory]
    [InlineData("run/lock")]
    [InlineData(".harmony-fleet.new")]
    [InlineData("lost+found/x")]
    public async Task Mark_InAFolderThatIsAsGoodAsEmpty_IsSet(string there)
    {
        Make(there);
        (await new StackMark(folder.Path).SetAsync(Token)).ShouldBeNull();
    }

    [Theory]
    [InlineData("notes.txt")]
    [InlineData(".bashrc")]
    [InlineData("photos/1.jpg")]
    [InlineData("photos=>elsewhere")]
    public async Task Folder_WithFilesOfOthers_IsNotTaken(string theirs)
    {
        Make("data/" + theirs);
        var before = Everything();
        (await new StackMark(folder.File("data")).SetAsync(Token)).ShouldBe(Fault.Invalid(
            $"{folder.File("data")} holds '{theirs.Split('/', '=')[0]}' and maybe more that no fleet made", "choose a folder that is empty or not there yet: --data DIR"));
        Everything().ShouldBe(before);
    }

    /// <summary>Files that came later are nobody's reason to refuse a fleet.</summary>
    [Fact]
    public async Task Fleet_BesideWhichOthersKeepFiles_GoesOn()
    {
        (await new StackMark(folder.Path).SetAsync(Token)).ShouldBeNull();
        Make("notes.txt");
        new StackMark(folder.Path).Refusal().ShouldBeNull();
    }

    /// <summary>Only root can give a folder away.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 54321)]
    public async Task Folder_OfAnotherUser_IsNotTaken_AndItsOwnerIsNamed(bool isFleet, int user)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            new StackMark("/").Refusal().ShouldNotBeNull().What.ShouldBe("the data folder / belongs to user root (0), who could change what is in it");
            return;
        }

        Directory.CreateDirectory(folder.File("data"));
        var mark = new StackMark(folder.File("data"));
        if (isFleet)
        {
            (await mark.SetAsync(Token)).ShouldBeNull();
        }

        using var chown = System.Diagnostics.Process.Start("chown", [$"{user}", folder.File("data")]);
        await chown.WaitForExitAsync(Token);
        var name = user == 1 ? "user daemon (1)" : $"user {user}";
        (await mark.SetAsync(Token)).ShouldBe(Fault.Permanent(
            $"the data folder {folder.File("data")} belongs to {name}, who could change what is in it", "run as that user, or choose another folder with --data"));
        (mark.Owner() is StackOwner.Fleet).ShouldBe(isFleet, "a fleet that is there can be ended and removed");
    }

    /// <summary>Neither a start nor an end changes anything, and both say why.</summary>
    private async Task NothingHappensAsync()
    {
        Make("elsewhere");
        var before = Everything();
        (await new StackMark(folder.Path).SetAsync(Token)).ShouldNotBeNull().Advice.ShouldNotBeEmpty();
        var removal = new StackRemoval(folder.Path);
        var purged = await removal.PurgeAsync(Token);
        (await removal.StopContainersAsync(now: false, _ => Task.CompletedTask, Token)).ShouldBe(purged);
        (purged is null).ShouldBe(new StackMark(folder.Path).Owner() is StackOwner.Nobody);
        Everything().ShouldBe(before);
    }

    private sealed class Told(Action<int> tell) : IProgress<int>
    {
        public void Report(int value) => tell(value);
    }

    private string[] Everything() => [.. Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private void Make(string entry)
    {
        var (name, target) = entry.Split("=>") is [var from, var to] ? (from, to) : (entry, null);
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        if (target is not null)
        {
            File.CreateSymbolicLink(folder.File(name), folder.File(target));
        }
        else
        {
            File.WriteAllText(folder.File(name), $$"""{"id":"{{Id}}"}""");
        }
    }
}
