using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Outcomes;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Programs;

namespace Harmony.Fleet.Deploy.Topologies;

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
        ports = new LocalPorts(files);
        programs = new LocalPrograms(options.BaseFolder, options.Home, options.Say);
        processes = new LocalProcesses(options.Random, time, options.Say);
        podman = new LocalPodman(files, options.Random, time, options.Say);
    }

    /// <inheritdoc/>
    public string PathOf(string name) => files.PathOf(name);

    /// <inheritdoc/>
    public Task<Fault?> EnsureFolderAsync(string name, CancellationToken cancellationToken) => files.EnsureFolderAsync(name, cancellationToken);

    /// <inheritdoc/>
    public Task<Attempt<bool>> HasAsync(string name, CancellationToken cancellationToken) => files.HasAsync(name, cancellationToken);

    /// <inheritdoc/>
    public Task<Attempt<ReadOnlyMemory<byte>>> ReadAsync(string name, CancellationToken cancellationToken) => files.ReadAsync(name, cancellationToken);

    /// <inheritdoc/>
    public Task<Fault?> WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        files.WriteAsync(name, content, cancellationToken);

    /// <inheritdoc/>
    public Task<Attempt<int>> PortAsync(string use, int? wanted, CancellationToken cancellationToken) => ports.PortAsync(use, wanted, cancellationToken);

    /// <inheritdoc/>
    public Task<Attempt<string>> ProvideAsync(FleetProgram program, CancellationToken cancellationToken) => programs.ProvideAsync(program, cancellationToken);

    /// <inheritdoc/>
    public Task<Attempt<IRunningProcess>> RunAsync(ProcessSpec spec, CancellationToken cancellationToken) => processes.RunAsync(spec, cancellationToken);

    /// <inheritdoc/>
    public Task<Attempt<string>> PodmanAsync(DeviceId device, CancellationToken cancellationToken) => podman.PodmanAsync(device, cancellationToken);

    /// <summary>Ends everything that runs: agents, operator and NATS first, then the devices' containers and their podman.</summary>
    public async ValueTask DisposeAsync()
    {
        await processes.DisposeAsync();
        await podman.StopContainersAsync();
        await podman.DisposeAsync();
    }
}
