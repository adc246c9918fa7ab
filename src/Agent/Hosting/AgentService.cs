using System.Collections.Immutable;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Disks;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Hosting.SelfTests;
using Harmony.Fleet.Hosting.Services;

namespace Harmony.Fleet.Agent.Hosting;

/// <summary>The agent as a program.</summary>
internal sealed class AgentService : IService<AgentOptions>
{
    private const string ProgramName = "fleet-agent";

    /// <inheritdoc/>
    public string Name => ProgramName;

    /// <inheritdoc/>
    public string Purpose => """
        Runs on a device: makes the containers stand that the control plane wants there, and reports on them.
        Stopping it stops no container.
        """;

    /// <inheritdoc/>
    public string DefaultConfig => "/etc/harmony-fleet/agent.json";

    /// <inheritdoc/>
    public OptionsOutcome<AgentOptions> Load(string file) => AgentOptionsReader.Read(file);

    /// <inheritdoc/>
    public ImmutableArray<SelfTestStep> SelfTest(AgentOptions? options) => AgentSelfTest.Steps(options);

    /// <inheritdoc/>
    public async Task<int> RunAsync(AgentOptions options, CancellationToken stop)
    {
        using var held = TakeState(options.StateDirectory);
        var host = AgentHost.Prepare(options).Build();
        await using var disposing = (IAsyncDisposable)host;
        return await ServiceHost.RunAsync(host, stop);
    }

    /// <summary>Two agents would pull the same containers to and fro. A folder that cannot be used is no reason not to run: that is told where it is used.</summary>
    private static LockFile? TakeState(string folder)
    {
        var path = Path.Combine(folder, "lock");
        var disk = new PosixDisk();
        try
        {
            disk.MakeFolder(folder);
            if (disk.Kind(path) is not (FileKind.None or FileKind.File))
            {
                Console.Error.WriteLine($"{ProgramName}: {path} was in the way of the lock that is kept there: it was put aside as {new DurableFiles(disk).PutAside(path)}.");
            }

            return LockFile.TryTake(path)
                ?? throw new StartException($"The state folder {folder} is in use by {LockFile.Holder(path)}: stop that agent first, or name another folder in stateDirectory.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
