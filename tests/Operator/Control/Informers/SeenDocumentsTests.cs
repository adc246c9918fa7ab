using Harmony.Fleet.Operator.Control.Informers;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Tests.Operator.Control.Informers;

public sealed class SeenDocumentsTests
{
    private readonly SeenDocuments seen = new();

    [Fact]
    public void IsKnown_TheSameRevisionAgain_AndNoOther()
    {
        seen.IsKnown(Entry("pi-1", 1)).ShouldBeFalse();
        seen.IsKnown(Entry("pi-1", 1)).ShouldBeTrue();
        seen.IsKnown(Entry("pi-2", 1)).ShouldBeFalse();
        seen.IsKnown(Entry("pi-1", 2)).ShouldBeFalse();
        seen.IsKnown(Entry("pi-1", 1)).ShouldBeFalse("an older copy of the bucket was put back");
    }

    /// <summary>A bucket that was made anew counts from the beginning.</summary>
    [Fact]
    public void IsKnown_TheSameRevisionOfAnotherTime_IsAnother()
    {
        seen.IsKnown(Entry("pi-1", 1)).ShouldBeFalse();
        seen.IsKnown(Entry("pi-1", 1) with { Created = DateTimeOffset.UnixEpoch.AddDays(1) }).ShouldBeFalse();
        seen.IsKnown(Entry("pi-1", 1) with { IsDeleted = true }).ShouldBeFalse();
    }

    [Fact]
    public void IsKnown_OfAsManyKeysAsThereAre()
    {
        Enumerable.Range(0, 20_000).Count(number => seen.IsKnown(Entry($"pi-{number}", (ulong)number + 1))).ShouldBe(0);
        Enumerable.Range(0, 20_000).Count(number => seen.IsKnown(Entry($"pi-{number}", (ulong)number + 1))).ShouldBeGreaterThan(19_990, "but for keys that share their bits");

        seen.Clear();
        seen.IsKnown(Entry("pi-1", 2)).ShouldBeFalse();
    }

    private static BucketEntry Entry(string key, ulong revision) => new(key, default, BusHeaders.None, revision, DateTimeOffset.UnixEpoch, IsDeleted: false);
}
