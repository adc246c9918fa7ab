using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>Has a place provide the programs that a fleet needs, before anything is started.</summary>
internal sealed class ProgramSetup(IHasPrograms machine, IProgress<DeployNews> progress)
{
    /// <summary>What may have to be installed is installed at the same time.</summary>
    public async Task<Fault?> RunAsync(int devices, CancellationToken cancellationToken)
    {
        FleetProgram[] needed = devices > 0 ? [FleetProgram.NatsServer, FleetProgram.Podman] : [FleetProgram.NatsServer];
        progress.Report(DeployNews.Begun("programs"));
        var provided = await Task.WhenAll(needed.Select(program => machine.ProvideAsync(program, cancellationToken)));
        if (Array.Find(provided, attempt => !attempt.IsOk).Fault is { } fault)
        {
            return fault;
        }

        progress.Report(DeployNews.Done("programs", string.Join(", ", provided.Select(attempt => attempt.Value))));
        return null;
    }
}
