using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Files;

public sealed class RealPathTests : IDisposable
{
    private readonly TempFolder folder = new();

    public RealPathTests()
    {
        Directory.CreateDirectory(folder.File("disk/été"));
        Directory.CreateSymbolicLink(folder.File("link"), folder.File("disk"));
        Directory.CreateSymbolicLink(folder.File("chain"), "link/été");
        Directory.CreateSymbolicLink(folder.File("round"), "round");
        Directory.CreateSymbolicLink(folder.File("dangling"), "nowhere");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("disk", "disk")]
    [InlineData("link", "disk")]
    [InlineData("link/été", "disk/été")]
    [InlineData("chain", "disk/été")]
    [InlineData("link/new/below", "disk/new/below")]
    [InlineData("chain/new", "disk/été/new")]
    [InlineData("round/x", "round/x")]
    [InlineData("dangling/x", "dangling/x")]
    public void Path_HasNoLinksLeft_AsFarAsItIsThere(string named, string real) => RealPath.Of(folder.File(named)).ShouldBe(folder.File(real));
}
