using Harmony.Fleet.Hosting.SelfTests;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Hosting.SelfTests;

public sealed class SelfTestTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly StringWriter output = new();

    public void Dispose()
    {
        folder.Dispose();
        output.Dispose();
    }

    [Fact]
    public async Task Steps_AreToldInOrderALineEach()
    {
        (await RunAsync(SelfTestStep.Known("one", new Finding.Right("well")), SelfTestStep.Known("second", new Finding.Odd("a\nb")), SelfTestStep.Known("3", new Finding.Wrong("bad.")))).ShouldBeFalse();
        output.ToString().ShouldBe("ok    one     well\nwarn  second  a b\nFAIL  3       bad.\n");
    }

    [Fact]
    public async Task Steps_ThatAreOddAtMost_AreNoFailure() => (await RunAsync(SelfTestStep.Known("one", new Finding.Right("well")), SelfTestStep.Known("two", new Finding.Odd("odd.")))).ShouldBeTrue();

    [Fact]
    public async Task Step_ThatNeverEnds_IsGivenUp()
    {
        (await RunShortlyAsync(new SelfTestStep("slow", async _ => { await Task.Delay(Timeout.Infinite, CancellationToken.None); return new Finding.Right("x"); }))).ShouldBeFalse();
        output.ToString().ShouldBe("FAIL  slow    there was no answer within 0.2 s.\n");
    }

    [Fact]
    public async Task Step_ThatKeepsItsThread_IsGivenUp()
    {
        using var never = new ManualResetEventSlim();
        (await RunShortlyAsync(new SelfTestStep("stuck", _ => { never.Wait(CancellationToken.None); return Task.FromResult<Finding>(new Finding.Right("x")); }))).ShouldBeFalse();
        never.Set();
        output.ToString().ShouldStartWith("FAIL  stuck ");
    }

    [Fact]
    public async Task Step_ThatBreaks_IsALineAsTheOthers()
    {
        (await RunAsync(new SelfTestStep("odd", _ => throw new NotSupportedException("What is that?")), SelfTestStep.Known("one", new Finding.Right("well")))).ShouldBeFalse();
        output.ToString().ShouldBe("FAIL  odd     it could not be looked at (NotSupportedException): What is that?\nok    one     well\n");
    }

    [Theory]
    [InlineData("1970-01-01T00:00:09Z", true, typeof(Finding.Wrong), "1970-01-01T00:00:09Z")]
    [InlineData("2027-05-01T10:00:00Z", false, typeof(Finding.Odd), "nothing keeps it right")]
    [InlineData("2027-05-01T10:00:00Z", true, typeof(Finding.Right), "synchronised")]
    public void Clock_IsJudged(string now, bool isSynchronised, Type kind, string says)
    {
        var finding = MachineSteps.LookAtClock(DateTimeOffset.Parse(now), isSynchronised);
        finding.ShouldBeOfType(kind);
        finding.Text.ShouldContain(says);
    }

    [Fact]
    public async Task Clock_OfThisMachine_CanBeAsked() => (await MachineSteps.Clock(TimeProvider.System).Look(CancellationToken.None)).ShouldNotBeOfType<Finding.Wrong>();

    [Fact]
    public void Disk_OfAFolderThatIsYetToBeMade_IsThatOfItsParent()
    {
        MachineSteps.LookAtDisk(folder.File("a/b")).ShouldNotBeOfType<Finding.Wrong>();
        Directory.EnumerateFileSystemEntries(folder.Path).ShouldBeEmpty("nothing is made");
    }

    [Fact]
    public void Disk_ThatCannotBeWritten_SaysSo() => MachineSteps.LookAtDisk("/proc/state").ShouldBeOfType<Finding.Wrong>().Text.ShouldBe("/proc/state cannot be written: no file can be made in /proc.");

    [Theory]
    [InlineData("file", "file is a file, not a folder.")]
    [InlineData("file/a/b", "file is a file, not a folder.")]
    [InlineData("link", "link is a link that leads nowhere.")]
    public void Disk_WhoseFolderIsNone_SaysSo(string name, string why)
    {
        File.WriteAllText(folder.File("file"), "a file where a folder should be");
        File.CreateSymbolicLink(folder.File("link"), "nowhere");
        MachineSteps.LookAtDisk(folder.File(name)).ShouldBeOfType<Finding.Wrong>().Text.ShouldBe($"{folder.File(name)} cannot be written: {folder.Path}/{why}");
    }

    private Task<bool> RunAsync(params SelfTestStep[] steps) => RunAsync(SelfTest.StepLimit, steps);

    private Task<bool> RunShortlyAsync(SelfTestStep step) => RunAsync(TimeSpan.FromMilliseconds(200), step);

    private Task<bool> RunAsync(TimeSpan limit, params SelfTestStep[] steps) => new SelfTest(output.WriteLineAsync, limit).RunAsync([.. steps], CancellationToken.None);
}
