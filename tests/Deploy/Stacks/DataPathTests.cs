using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Tests.Deploy.Stacks;

public sealed class DataPathTests
{
    [Theory]
    [InlineData("/srv/fleet")]
    [InlineData("/srv/my fleet")]
    [InlineData("/srv/flotte-été/日本/🚢")]
    [InlineData("/srv/a;b&c'd\"e$f%g#h*i?j[k]l{m}n~o@p=q+r(s)t!u|v<w>x^y`z")]
    public void Path_ThatProgramsCanTake_IsTaken(string path) => DataPath.Refusal(path).ShouldBeNull();

    [Theory]
    [InlineData("/srv/a:b", "':'")]
    [InlineData("/srv/a,b", "','")]
    [InlineData("/srv/a\\b", "'\\'")]
    [InlineData("/srv/a\nb", "control character")]
    [InlineData("/srv/a\u0085b", "control character")]
    [InlineData("/srv/a\ud800b", "UTF-8")]
    [InlineData("/srv/a\ufffdb", "UTF-8")]
    [InlineData("relative", "absolute")]
    public void Path_ThatProgramsCannotTake_IsRefusedWithWhatToDo(string path, string why)
    {
        var refusal = DataPath.Refusal(path).ShouldNotBeNull();
        refusal.Kind.ShouldBe(FaultKind.Invalid);
        refusal.What.ShouldContain(why);
        refusal.Advice.ShouldBe("choose another data folder: --data DIR");
    }

    [Fact]
    public void Path_IsMeasuredInBytes()
    {
        DataPath.Refusal("/" + new string('a', DataPath.MaxBytes - 1)).ShouldBeNull();
        DataPath.Refusal("/" + new string('a', DataPath.MaxBytes)).ShouldNotBeNull();
        DataPath.Refusal("/" + new string('é', DataPath.MaxBytes / 2)).ShouldNotBeNull();
    }
}
