using Harmony.Fleet.Deploy.Outcomes;
using Harmony.Fleet.Deploy.Programs;

namespace Harmony.Fleet.Deploy.Topologies;

/// <summary>A place that has, or can get, the programs of a fleet.</summary>
public interface IHasPrograms
{
    /// <summary>The path of <paramref name="program"/>; set up first where it is missing.</summary>
    Task<Attempt<string>> ProvideAsync(FleetProgram program, CancellationToken cancellationToken);
}
