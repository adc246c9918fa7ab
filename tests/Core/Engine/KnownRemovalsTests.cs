using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What is known of Deployments that are gone does not grow with all that ever were.</summary>
public sealed class KnownRemovalsTests
{
    private static readonly DeploymentKey Web = new(NamespaceName.Parse("default"), DeploymentName.Parse("web"));
    private readonly KnownRemovals removals = new();
    private DateTimeOffset now = DateTimeOffset.UnixEpoch.AddYears(50);

    [Fact]
    public void Removed_IsKnown_ByNameAndUidTogether()
    {
        removals.Add(Web, "u-1", now);

        removals.Contains(Web, "u-1", now).ShouldBeTrue();
        removals.Contains(Web, "u-2", now).ShouldBeFalse();
        removals.Contains(Web with { Name = DeploymentName.Parse("db") }, "u-1", now).ShouldBeFalse();
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(121, false)]
    public void Removed_OfWhichNobodyAsks_IsLetGo(int minutes, bool isKnown)
    {
        removals.Add(Web, "u-1", now);

        removals.Contains(Web, "u-1", now.AddMinutes(minutes)).ShouldBe(isKnown);
    }

    [Fact]
    public void Removed_OfWhichSomebodyAsks_StaysKnown()
    {
        removals.Add(Web, "u-1", now);

        for (var time = 0; time < 20; time++)
        {
            now = now.AddMinutes(50);
            removals.Contains(Web, "u-1", now).ShouldBeTrue();
            removals.Count.ShouldBe(1);
        }
    }

    /// <summary>An owner and a removal were kept of each for as long as the operator ran.</summary>
    [Fact]
    public void DeploymentsThatComeAndGo_LeaveNothingBehind()
    {
        var state = new FleetState(EngineRig.Options, MasterKey.Parse(Convert.ToBase64String(new byte[32])), new Random(1)) { Now = now };
        var (intent, removals) = (new IntentReconciler(state), new RemovalReconciler(state));
        var deployments = new DeploymentReconciler(state, new ScoreReconciler(state), intent, removals, new StandingReconciler(state, intent, removals));
        for (var number = 0; number < 100; number++)
        {
            var web = EngineRig.Deployment($"web-{number}");
            deployments.See(web);
            var anew = web with { Metadata = web.Metadata with { Uid = $"anew-{number}", ResourceVersion = "900" } };
            deployments.See(anew);
            state.Owners.Keys.ShouldBe([$"anew-{number}"]);
            deployments.Gone(anew);
            state.Now += TimeSpan.FromMinutes(5);
        }

        state.Owners.ShouldBeEmpty();
        state.Removed.Count.ShouldBeInRange(12, 24);
    }
}
