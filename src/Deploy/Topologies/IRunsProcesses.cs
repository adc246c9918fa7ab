using Harmony.Fleet.Deploy.Outcomes;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.Topologies;

/// <summary>A place that keeps processes running.</summary>
public interface IRunsProcesses
{
    /// <summary>
    /// Has the process run from now on. One that runs under this name already is left alone where it was started in the same way
    /// (but reads its configuration again where that has another revision), else replaced.
    /// </summary>
    Task<Attempt<IRunningProcess>> RunAsync(ProcessSpec spec, CancellationToken cancellationToken);
}
