using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Tests.Core.Resources;

public sealed class ToldTests
{
    [Theory]
    [InlineData("7", "u", 3, true)]
    [InlineData("9", "u", 2, true)]
    [InlineData("9", "u", 3, false)]
    [InlineData("9", "u", 4, false)]
    [InlineData("9", "anew", 1, false)]
    public void IsOldNews_OfWhatIsTold_GoesByVersionAndGeneration(string version, string uid, long generation, bool expected) => Told
        .IsOldNews(new ObjectMeta { Name = "a", ResourceVersion = "7", Uid = "u", Generation = 3 }, new ObjectMeta { Name = "a", ResourceVersion = version, Uid = uid, Generation = generation })
        .ShouldBe(expected);
}
