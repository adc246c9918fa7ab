using System.Collections.Immutable;
using Harmony.Fleet.Deploy.Outcomes;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>Has a place provide the programs that a fleet needs, before anything is started.</summary>
internal sealed class ProgramSetup(IHasPrograms machine, IProgress<DeployNews> progress)
{
    /// <summary>What may have to be installed is installed at the same time, but for what uses the system's own package manager.</summary>
    public async Task<Fault?> RunAsync(int devices, CancellationToken cancellationToken)
    {
        FleetProgram[] system = devices > 0 ? [FleetProgram.Podman, FleetProgram.Sqlite] : [FleetProgram.Sqlite];
        progress.Report(DeployNews.Begun("programs"));
        var provided = await Task.WhenAll(ProvideAsync([FleetProgram.NatsServer], cancellationToken), ProvideAsync(system, cancellationToken));
        if (Array.Find(provided, attempt => !attempt.IsDone).Fault is { } fault)
        {
            return fault;
        }

        progress.Report(DeployNews.Done("programs", string.Join(", ", provided.SelectMany(attempt => attempt.Value))));
        return null;
    }

    /// <summary>One after another.</summary>
    private async Task<Attempt<ImmutableArray<string>>> ProvideAsync(FleetProgram[] programs, CancellationToken cancellationToken)
    {
        var paths = ImmutableArray.CreateBuilder<string>();
        foreach (var program in programs)
        {
            var path = await machine.ProvideAsync(program, cancellationToken);
            if (!path.IsDone)
            {
                return path.Fault;
            }

            paths.Add(path.Value);
        }

        return paths.ToImmutable();
    }
}
