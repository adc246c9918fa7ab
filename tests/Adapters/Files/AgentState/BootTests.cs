using System.Globalization;
using Harmony.Fleet.Adapters.Files.AgentState;
using Harmony.Fleet.Disks;
using Harmony.Fleet.Tests.Adapters.Files.Disks;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Adapters.Files.AgentState;

/// <summary>Starts are counted, and the count goes nowhere but up.</summary>
public sealed class BootTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string File => folder.File("boot.state");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Begin_EachTime_IsHigherAndNotBelowTheFloor()
    {
        (await BeginAsync(1000)).ShouldBe(1000);
        (await BeginAsync(1000)).ShouldBe(1001, "two starts within a second");
        (await BeginAsync(5)).ShouldBe(1002, "the clock was set back");
        (await BeginAsync(2000)).ShouldBe(2000);
        (await BeginAsync(1L << 60)).ShouldBe((1L << 53) - 1, "no number that other readers could not hold");
    }

    [Theory]
    [InlineData("")]
    [InlineData("9999")]
    [InlineData("9999 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n")]
    [InlineData("-5 x\n")]
    public async Task Begin_DamagedOrTornFile_GoesOnFromTheFloor(string text)
    {
        await BeginAsync(1000);
        await System.IO.File.WriteAllTextAsync(File, text, Ct);
        (await BeginAsync(1500)).ShouldBe(1500);
        (await BeginAsync(0)).ShouldBe(1501);
    }

    [Fact]
    public async Task Begin_SomethingElseInItsPlace_IsPutAside()
    {
        Directory.CreateDirectory(File);
        (await BeginAsync(7)).ShouldBe(7);
        (await BeginAsync(0)).ShouldBe(8);
        Directory.Exists(File + ".corrupt").ShouldBeTrue();
    }

    /// <summary>What was said under a boot that is not on the disk could be said again under it: so the power may go at every step.</summary>
    [Fact]
    public async Task Begin_PowerGoesAtAnyStep_IsNeverGivenTwice()
    {
        var (last, isOver) = (await BeginAsync(1), false);
        for (var step = 0; !isOver; step++)
        {
            step.ShouldBeLessThan(20);
            var cut = await Store(new FaultyDisk(new PosixDisk(), step)).BeginBootAsync(0, Ct);
            isOver = cut.NotKept is null;
            var next = await BeginAsync(0);
            next.ShouldBeGreaterThan(isOver ? cut.Boot : last, string.Create(CultureInfo.InvariantCulture, $"cut at step {step}"));
            last = next;
        }
    }

    [Fact]
    public async Task Begin_DiskThatTakesNothing_GoesByTheFloorAndSaysSo()
    {
        await BeginAsync(1000);
        var begun = await Store(new WornDisk(new PosixDisk()) { IsReadOnly = true }).BeginBootAsync(3000, Ct);
        begun.Boot.ShouldBe(3000);
        begun.NotKept.ShouldNotBeNull().ShouldContain("cannot be written");
    }

    private async Task<long> BeginAsync(long floor)
    {
        var begun = await Store(new PosixDisk()).BeginBootAsync(floor, Ct);
        begun.NotKept.ShouldBeNull();
        return begun.Boot;
    }

    private AgentStateFiles Store(IDisk disk) => new(folder.Path, disk, NullLogger<AgentStateFiles>.Instance);
}
