using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.Topologies;

/// <summary>A place with files of its own. Names are relative, with <c>/</c>; folders are made as they are needed, for their owner alone.</summary>
public interface IHasFiles
{
    /// <summary>Where the processes of this place find <paramref name="name"/>.</summary>
    string PathOf(string name);

    /// <summary>Makes sure that the folder exists.</summary>
    /// <returns>Null, or why it does not.</returns>
    Task<Fault?> EnsureFolderAsync(string name, CancellationToken cancellationToken);

    /// <summary>Whether there is such a file, be it empty.</summary>
    Task<Outcome<bool>> HasAsync(string name, CancellationToken cancellationToken);

    /// <summary>The file's bytes; empty where there is no such file.</summary>
    Task<Outcome<ReadOnlyMemory<byte>>> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Puts <paramref name="content"/> in the file's place: all of it or nothing, on the disk when the task ends, readable by its owner alone.</summary>
    /// <returns>Null, or why it could not be done.</returns>
    Task<Fault?> WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);
}

/// <summary>A place whose processes can listen.</summary>
public interface IHasPorts
{
    /// <summary>The TCP port for <paramref name="use"/>: the same one each time, as long as nobody else took it.</summary>
    /// <param name="use">What for, for example <c>nats</c>.</param>
    /// <param name="wanted">This one and no other; null for any.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<Outcome<int>> PortAsync(string use, int? wanted, CancellationToken cancellationToken);
}

/// <summary>A place that has, or can get, the programs of a fleet.</summary>
public interface IHasPrograms
{
    /// <summary>The path of <paramref name="program"/>; set up first where it is missing.</summary>
    Task<Outcome<string>> ProvideAsync(FleetProgram program, CancellationToken cancellationToken);
}

/// <summary>The programs that a fleet is made of.</summary>
public enum FleetProgram
{
    /// <summary>nats-server, 2.10 or newer.</summary>
    NatsServer,

    /// <summary>Podman with what it needs to run containers.</summary>
    Podman,

    /// <summary>The operator.</summary>
    Operator,

    /// <summary>The agent.</summary>
    Agent,

    /// <summary>What puts a fleet under load.</summary>
    LoadTest,
}

/// <summary>A place that keeps processes running.</summary>
public interface IRunsProcesses
{
    /// <summary>
    /// Has the process run from now on. One that runs under this name already is left alone where it was started in the same way
    /// (but reads its configuration again where that has another revision), else replaced.
    /// </summary>
    Task<Outcome<IRunningProcess>> RunAsync(ProcessSpec spec, CancellationToken cancellationToken);
}

/// <summary>A place where each device has a podman of its own.</summary>
public interface IRunsPodman
{
    /// <summary>Has the podman service of <paramref name="device"/> run from now on.</summary>
    /// <returns>The path of its socket, which answers.</returns>
    Task<Outcome<string>> PodmanAsync(DeviceId device, CancellationToken cancellationToken);
}
