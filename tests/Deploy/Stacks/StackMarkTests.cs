using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Stacks;

public sealed class StackMarkTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Purge_OfAFolderThatIsNoFleets_TouchesNothing()
    {
        string[] theirs = ["devices/disk.img", "keys/ssh", "logs/app.log", "nats/x", "operator/y", "run/z"];
        foreach (var name in theirs)
        {
            Make(name);
        }

        var removal = new StackRemoval(folder.Path);
        (await removal.StopContainersAsync(Token)).ShouldBeNull();
        (await removal.PurgeAsync(Token)).ShouldBeNull();
        Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ShouldBe(theirs.Select(folder.File));
    }

    [Theory]
    [InlineData(".harmony-fleet")]
    [InlineData("fleet.json")]
    [InlineData("keys/master.key")]
    public async Task Purge_OfAFleetsFolder_RemovesIt(string sign)
    {
        Make(sign);
        Make("logs/nats.log");
        (await new StackRemoval(folder.Path).PurgeAsync(Token)).ShouldBeNull();
        Directory.Exists(folder.Path).ShouldBeFalse();
    }

    [Theory]
    [InlineData("logs/app.log", true)]
    [InlineData("keys/ssh", true)]
    [InlineData("notes.txt", false)]
    [InlineData("run/lock", false)]
    public async Task Mark_WhereOthersKeepSuchFiles_IsNotSet(string theirs, bool isRefused)
    {
        Make(theirs);
        var fault = await new StackMark(folder.Path).SetAsync(Token);
        (fault is not null).ShouldBe(isRefused, fault?.ToString());
        new StackMark(folder.Path).IsThere.ShouldBe(!isRefused);
    }

    [Fact]
    public async Task Mark_OnceSet_IsThere()
    {
        var mark = new StackMark(folder.File("data"));
        mark.IsThere.ShouldBeFalse();
        (await mark.SetAsync(Token)).ShouldBeNull();
        (await mark.SetAsync(Token)).ShouldBeNull();
        mark.IsThere.ShouldBeTrue();
    }

    private void Make(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        File.WriteAllText(folder.File(name), "x");
    }
}
