using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Machines;

/// <summary>How this machine is used.</summary>
public sealed record LocalMachineOptions
{
    /// <summary>The folder that holds everything: absolute.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The folder that this program runs from: the fleet's other programs are beside it.</summary>
    public required string BaseFolder { get; init; }

    /// <summary>The repository's folder, whose <c>eng/</c> sets up what is missing; null where there is none.</summary>
    public string? Home { get; init; }

    /// <summary>Another agent to run than the one beside this program, absolute; null for that one.</summary>
    public string? Agent { get; init; }

    /// <summary>Ports that somebody asked for by their number: nobody else is given them.</summary>
    public ImmutableArray<int> FixedPorts { get => field.IsDefault ? [] : field; init; }

    /// <summary>Spreads restarts.</summary>
    public required Random Random { get; init; }

    /// <summary>Told what happens to processes, in sentences.</summary>
    public required Action<string> Say { get; init; }
}

/// <summary>This machine, within one data folder: everything that a whole fleet needs, devices included.</summary>
public sealed class LocalMachine : IHasFiles, IHasPorts, IHasPrograms, IRunsProcesses, IRunsPodman, IAsyncDisposable
{
    private readonly LocalFiles files;
    private readonly LocalPorts ports;
    private readonly LocalPrograms programs;
    private readonly LocalProcesses processes;
    private readonly LocalPodman podman;

    /// <summary>Makes nothing yet.</summary>
    public LocalMachine(LocalMachineOptions options, TimeProvider time)
    {
        files = new LocalFiles(options.DataFolder);
        ports = new LocalPorts(files, options.FixedPorts, options.Say);
        programs = new LocalPrograms(options.BaseFolder, options.Home, options.Say, options.Agent);
        processes = new LocalProcesses(options.Random, time, options.Say);
        podman = new LocalPodman(files, options.Random, time, options.Say);
    }

    /// <inheritdoc/>
    public string PathOf(string name) => files.PathOf(name);

    /// <inheritdoc/>
    public Task<Fault?> EnsureFolderAsync(string name, CancellationToken cancellationToken) => files.EnsureFolderAsync(name, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome<bool>> HasAsync(string name, CancellationToken cancellationToken) => files.HasAsync(name, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome<ReadOnlyMemory<byte>>> ReadAsync(string name, CancellationToken cancellationToken) => files.ReadAsync(name, cancellationToken);

    /// <inheritdoc/>
    public Task<Fault?> WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        files.WriteAsync(name, content, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome<int>> PortAsync(string use, int? wanted, CancellationToken cancellationToken) => ports.PortAsync(use, wanted, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome<string>> ProvideAsync(FleetProgram program, CancellationToken cancellationToken) => programs.ProvideAsync(program, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome<IRunningProcess>> RunAsync(ProcessSpec spec, CancellationToken cancellationToken) => processes.RunAsync(spec, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome<string>> PodmanAsync(DeviceId device, CancellationToken cancellationToken) => podman.PodmanAsync(device, cancellationToken);

    /// <summary>How each process is that runs for it.</summary>
    public async Task<ImmutableArray<StackPart>> PartsAsync() => [.. await processes.PartsAsync(), .. podman.Parts()];

    /// <summary>Ends everything that runs: agents, operator and NATS first, then the devices' containers and their podman.</summary>
    /// <param name="tell">Told what is going to be stopped, where containers run.</param>
    /// <param name="hurry">When it is cancelled, containers that have not ended yet are killed.</param>
    public async Task StopAsync(Func<StopForecast, Task> tell, CancellationToken hurry)
    {
        await processes.DisposeAsync();
        await podman.StopContainersAsync(tell, hurry);
        await podman.DisposeAsync();
    }

    /// <summary>Ends everything that runs.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(_ => Task.CompletedTask, CancellationToken.None);
}
