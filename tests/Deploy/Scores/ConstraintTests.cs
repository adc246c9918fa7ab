using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Machines;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Tests.Deploy.Scores;

/// <summary>A Score can only be put on a place that can do what it needs: anything else does not compile.</summary>
public sealed class ConstraintTests
{
    public static TheoryData<Type, Type[]> Needs => new()
    {
        { typeof(FleetNatsDeployment), [typeof(IHasFiles), typeof(IHasPorts), typeof(IHasPrograms), typeof(IRunsProcesses)] },
        { typeof(FleetOperatorDeployment), [typeof(IHasFiles), typeof(IHasPorts), typeof(IHasPrograms), typeof(IRunsProcesses)] },
        { typeof(FleetServerDeployment), [typeof(IHasFiles), typeof(IHasPorts), typeof(IHasPrograms), typeof(IRunsProcesses)] },
        { typeof(FleetAgentDeployment), [typeof(IHasFiles), typeof(IHasPrograms), typeof(IRunsProcesses), typeof(IRunsPodman)] },
    };

    [Theory]
    [MemberData(nameof(Needs))]
    public void DeployAsync_OfAScore_DemandsExactlyWhatItUses(Type deployment, Type[] capabilities)
    {
        var place = deployment.GetMethod("DeployAsync").ShouldNotBeNull().GetGenericArguments().ShouldHaveSingleItem();
        place.GetGenericParameterConstraints().ShouldBe(capabilities, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Needs))]
    public void DeployAsync_OnAPlaceThatCannotDoIt_IsNoMethodAtAll(Type deployment, Type[] capabilities)
    {
        capabilities.ShouldNotBeEmpty();
        var method = deployment.GetMethod("DeployAsync").ShouldNotBeNull();

        // The rule that the compiler applies, applied by the runtime: files alone are not enough.
        Should.Throw<ArgumentException>(() => method.MakeGenericMethod(typeof(LocalFiles)));
        method.MakeGenericMethod(typeof(LocalMachine)).ShouldNotBeNull();
    }
}
