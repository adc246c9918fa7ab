using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Packaging.Packages;

namespace Harmony.Fleet.Tests.Packaging.Debian;

/// <summary>The unit, by systemd's own judgement.</summary>
[Trait("Category", "Integration")]
public sealed class UnitTests : IDisposable
{
    private const string Unit = "packaging/agent/fleet-agent.service";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Unit_IsUnderstoodInFull()
    {
        // Its program is not installed here: one that is everywhere stands in.
        var unit = await File.ReadAllTextAsync(RepositoryRoot.File(Unit), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.File("fleet-agent.service"), unit.Replace("=/usr/bin/fleet-agent", "=/bin/true", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var verdict = await Command.RunAsync("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", folder.File("fleet-agent.service"));
        verdict.Said.ShouldBeEmpty();
        verdict.Code.ShouldBe(0);
    }

    /// <summary>2.5 of 10, where 10 is no confinement at all: nothing is taken back unnoticed.</summary>
    [Fact]
    public async Task Unit_ConfinesTheAgent()
    {
        var verdict = await Command.RunAsync("systemd-analyze", "security", "--offline=true", "--threshold=25", "--no-pager", RepositoryRoot.File(Unit));
        verdict.Code.ShouldBe(0, verdict.Said);
    }
}
