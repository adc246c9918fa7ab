using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Conformance.Bus;

public abstract partial class BusConformance
{
    [Fact]
    public async Task Ensure_TheSameSettingsAgain_VerifiesThem()
    {
        await PutAsync("a", "1");

        (await Admin.EnsureBucketAsync(Settings, Stop)).ShouldBeOfType<EnsureBucketOutcome.Verified>();
        Text(Entry(await Bucket.GetAsync("a", Stop)).Value).ShouldBe("1");
    }

    [Fact]
    public async Task Ensure_OtherSettings_CorrectsThemAndKeepsTheValues()
    {
        await PutAsync("a", "1");

        var outcome = await Admin.EnsureBucketAsync(Settings with { MaxValueBytes = 4096, RepublishPrefix = "live.things." }, Stop);

        outcome.ShouldBeOfType<EnsureBucketOutcome.Corrected>().Differences.ShouldNotBeEmpty();
        Text(Entry(await Bucket.GetAsync("a", Stop)).Value).ShouldBe("1");
        Revision(await Bucket.PutAsync("big", new byte[4096], BusHeaders.None, Stop)).ShouldBe(2UL);
    }

    [Fact]
    public async Task Ensure_OtherStorage_IsAMismatchThatChangesNothing()
    {
        await PutAsync("a", "1");

        var outcome = await Admin.EnsureBucketAsync(Settings with { InMemory = true }, Stop);

        outcome.ShouldBeOfType<EnsureBucketOutcome.Mismatch>(outcome.ToString()).Differences.ShouldNotBeEmpty();
        Text(Entry(await Bucket.GetAsync("a", Stop)).Value).ShouldBe("1");
    }
}
