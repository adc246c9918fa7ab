using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Tests.Core.Resources;

public sealed class ToldTests
{
    [Theory]
    [InlineData("7", "u", 3, true)]
    [InlineData("9", "u", 2, true)]
    [InlineData("9", "u", 3, false)]
    [InlineData("6", "u", 3, true)]
    [InlineData("10", "u", 3, false)]
    [InlineData("6x", "u", 3, false)]
    [InlineData("", "u", 3, false)]
    [InlineData("6", "anew", 3, false)]
    [InlineData("6", "u", 4, false)]
    [InlineData("9", "u", 4, false)]
    [InlineData("9", "anew", 1, false)]
    public void IsOldNews_OfWhatIsTold_GoesByVersionAndGeneration(string version, string uid, long generation, bool expected) => Told
        .IsOldNews(new ObjectMeta { Name = "a", ResourceVersion = "7", Uid = "u", Generation = 3 }, new ObjectMeta { Name = "a", ResourceVersion = version, Uid = uid, Generation = generation })
        .ShouldBe(expected);

    [Theory]
    [InlineData("7", "8", true)]
    [InlineData("9", "10", true)]
    [InlineData("7", "7", false)]
    [InlineData("8", "7", false)]
    [InlineData("7", "x", false)]
    [InlineData(null, "7", false)]
    public void IsLater_GoesByNumbers(string? known, string told, bool expected) =>
        Told.IsLater(new ObjectMeta { Name = "a", ResourceVersion = known }, new ObjectMeta { Name = "a", ResourceVersion = told }).ShouldBe(expected);
}
