using System.Diagnostics;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Tests.Deploy.Processes;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void IsAlive_OfThisProcess_Holds() => ProcessIdentity.Self.IsAlive.ShouldBeTrue();

    [Fact]
    public void IsAlive_OfALaterProcessWithTheSameNumber_DoesNotHold() =>
        (ProcessIdentity.Self with { StartTicks = ProcessIdentity.Self.StartTicks - 1 }).IsAlive.ShouldBeFalse();

    [Fact]
    public async Task Of_AProcessThatEnded_IsNull()
    {
        using var process = Process.Start("/bin/true");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        ProcessIdentity.Of(process.Id).ShouldBeNull();
    }

    [Fact]
    public async Task Of_AProcessWithAParenthesisInItsName_ReadsItsStart()
    {
        using var folder = new Harness.TempFolder();
        var program = folder.File("a) b (c");
        File.Copy("/bin/sleep", program);
        using var process = Process.Start(program, "30");
        try
        {
            ProcessIdentity.Of(process.Id).ShouldNotBeNull().StartTicks.ShouldBeGreaterThan(ProcessIdentity.Self.StartTicks - 1);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
