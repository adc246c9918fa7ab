namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>Ctrl-C at any moment leaves no process behind.</summary>
[Trait("Category", "Integration")]
public sealed class InterruptionTests
{
    /// <summary>Milliseconds after the start: while it sets up, starts NATS, the operator, podman, the agent, and when all is up.</summary>
    [Theory]
    [InlineData(150)]
    [InlineData(400)]
    [InlineData(700)]
    [InlineData(1200)]
    [InlineData(2000)]
    [InlineData(3000)]
    [InlineData(6000)]
    public async Task Up_WhenInterrupted_LeavesNoProcess(int milliseconds)
    {
        await using var folder = new FleetFolder();
        using var call = await CliCall.BeginAsync("up", "--data", folder.Path);
        await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
        call.Interrupt();
        var (code, _, errors) = await call.EndAsync();
        code.ShouldBe(130, errors);
        await folder.NobodyIsLeftAsync();
        File.Exists(Path.Combine(folder.Path, "run/stack.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task Up_WhenInterruptedTwice_StillClearsUp()
    {
        await using var folder = new FleetFolder();
        using var call = await CliCall.BeginAsync("up", "--data", folder.Path);
        await Harness.Eventually.HoldsAsync(() => folder.Find("operator.json") is not null, "the operator runs");
        call.Interrupt();
        call.Interrupt();
        await Task.Delay(50, TestContext.Current.CancellationToken);
        call.Interrupt();
        (await call.EndAsync()).Code.ShouldBe(130);
        await folder.NobodyIsLeftAsync();
    }

    [Fact]
    public async Task UpDetached_WhenInterruptedWhileItWaits_LeavesNoProcess()
    {
        await using var folder = new FleetFolder();
        using var call = await CliCall.BeginAsync("up", "--detach", "--data", folder.Path);
        await Harness.Eventually.HoldsAsync(() => folder.Find("nats.conf") is not null, "NATS runs");
        call.Interrupt();
        (await call.EndAsync()).Code.ShouldBe(130);
        await folder.NobodyIsLeftAsync();
    }
}
