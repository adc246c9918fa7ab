using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>Fleets of an ordinary user, whose podman keeps a process of its own in the background (it holds the user's namespace).</summary>
[Trait("Category", "Integration")]
public sealed class RootlessTests
{
    private const int SigKill = 9;

    /// <summary>The moments: podman's service has begun; the agent has; a container's image is there, and the device is reachable.</summary>
    [Theory]
    [InlineData("demo", " system service ")]
    [InlineData("demo", "agent.json")]
    [InlineData("up", " system service ")]
    public async Task Fleet_OfAnOrdinaryUser_WhenInterrupted_LeavesNoPodman(string verb, string moment)
    {
        await using var user = await OrdinaryUser.CreateAsync();
        using var call = await user.BeginAsync(verb, "--data", user.Data);
        await Eventually.HoldsAsync(() => user.Living(moment).Count > 0 || call.HasExited, $"{moment}: {call.Said}");
        call.Interrupt();
        var (code, _, errors) = await call.EndAsync();
        code.ShouldBe(130, errors);
        await NobodyIsLeftAsync(user);
    }

    [Fact]
    public async Task Fleet_OfAnOrdinaryUser_StandsAndIsRemoved()
    {
        await using var user = await OrdinaryUser.CreateAsync();
        using (var up = await user.BeginAsync("up", "--detach", "--data", user.Data))
        {
            var (code, _, errors) = await up.EndAsync();
            code.ShouldBe(0, errors);
        }

        user.Living(" system service ").ShouldNotBeEmpty();
        using (var down = await user.BeginAsync("down", "--purge", "--data", user.Data))
        {
            var (code, _, errors) = await down.EndAsync();
            code.ShouldBe(0, errors);
        }

        await NobodyIsLeftAsync(user);
        Directory.Exists(user.Data).ShouldBeFalse();
        Directory.Exists(user.RuntimeFolder).ShouldBeFalse();
    }

    /// <summary>The kernel's own signal to the service that its parent has ended reaches one of its two processes.</summary>
    [Fact]
    public async Task Fleet_OfAnOrdinaryUserWhoseSupervisorIsKilled_StartsAgainAndEnds()
    {
        await using var user = await OrdinaryUser.CreateAsync();
        for (var time = 0; time < 2; time++)
        {
            using var up = await user.BeginAsync("up", "--data", user.Data);
            await up.SaysAsync("The fleet is up");
            up.Signal(SigKill);
            await up.EndAsync();
        }

        using (var down = await user.BeginAsync("down", "--data", user.Data))
        {
            var (code, _, errors) = await down.EndAsync();
            code.ShouldBe(0, errors);
        }

        await NobodyIsLeftAsync(user);
    }

    private static Task NobodyIsLeftAsync(OrdinaryUser user) =>
        Eventually.HoldsAsync(() => user.Living().Count == 0, $"no process is left: {string.Join(" | ", user.Living())}", TimeSpan.FromSeconds(20));
}
