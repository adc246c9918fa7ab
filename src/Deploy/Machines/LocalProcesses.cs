using System.Collections.Immutable;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Machines;

/// <summary>Child processes of this one, which end with it whatever happens to it.</summary>
internal sealed class LocalProcesses(Random random, TimeProvider time, Action<string> say) : IRunsProcesses, IAsyncDisposable
{
    private readonly List<SupervisedProcess> running = [];
    private readonly SemaphoreSlim gate = new(1, 1);

    /// <inheritdoc/>
    public async Task<Outcome<IRunningProcess>> RunAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var present = running.Find(process => string.Equals(process.Spec.Name, spec.Name, StringComparison.Ordinal));
            if (present is not null && present.Spec.IsSameAs(spec))
            {
                present.Reload(spec.Revision);
                return Outcome.Of<IRunningProcess>(present);
            }

            if (present is not null)
            {
                running.Remove(present);
                await present.DisposeAsync();
            }

            var started = await SupervisedProcess.StartAsync(spec, new RestartBackoff(random), time, say);
            if (!started.IsOk)
            {
                return started.Fault;
            }

            running.Add(started.Value);
            return Outcome.Of<IRunningProcess>(started.Value);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>How each of them is, in the order in which they were started.</summary>
    public async Task<ImmutableArray<StackPart>> PartsAsync()
    {
        await gate.WaitAsync(CancellationToken.None);
        try
        {
            return [.. running.Select(process => process.Part())];
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Ends the process of that name, where there is one.</summary>
    public async Task StopAsync(string name)
    {
        // Ending must not be given up half-way: a process would stay behind.
        await gate.WaitAsync(CancellationToken.None);
        try
        {
            foreach (var process in running.FindAll(process => string.Equals(process.Spec.Name, name, StringComparison.Ordinal)))
            {
                running.Remove(process);
                await process.DisposeAsync();
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Ends all, the youngest first.</summary>
    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync(CancellationToken.None);
        for (var last = running.Count - 1; last >= 0; last--)
        {
            await running[last].DisposeAsync();
        }

        running.Clear();
        gate.Dispose();
    }
}
