using System.Collections.Concurrent;
using System.Collections.Immutable;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Machines;

/// <summary>The programs on this machine: the fleet's own beside this one, others from PATH or by the scripts in <c>eng/</c>.</summary>
/// <param name="baseFolder">The folder that this program runs from.</param>
/// <param name="home">The repository's folder, which has <c>eng/</c>; null where this program was installed without it.</param>
/// <param name="say">Told about what is being set up.</param>
/// <param name="agent">Another agent to run than the one beside this program; null for that one.</param>
public sealed class LocalPrograms(string baseFolder, string? home, Action<string> say, string? agent = null) : IHasPrograms
{
    /// <summary>The variable with which the launcher names the repository's folder.</summary>
    public const string HomeVariable = "HARMONY_FLEET_HOME";

    /// <summary>The variable that names another agent to run: a native build, or one that another program runs.</summary>
    public const string AgentVariable = "HARMONY_FLEET_AGENT";

    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly ConcurrentDictionary<FleetProgram, string> found = new();

    // One for each program, so that two can be set up at the same time, but none twice.
    private readonly ImmutableDictionary<FleetProgram, SemaphoreSlim> gates =
        Enum.GetValues<FleetProgram>().ToImmutableDictionary(program => program, _ => new SemaphoreSlim(1, 1));

    /// <inheritdoc/>
    public async Task<Outcome<string>> ProvideAsync(FleetProgram program, CancellationToken cancellationToken)
    {
        var gate = gates[program];
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (found.TryGetValue(program, out var known))
            {
                return known;
            }

            var path = await FindAsync(program, cancellationToken);
            if (path.IsOk)
            {
                found[program] = path.Value;
            }

            return path;
        }
        finally
        {
            gate.Release();
        }
    }

    private Task<Outcome<string>> FindAsync(FleetProgram program, CancellationToken cancellationToken) => program switch
    {
        FleetProgram.NatsServer => ThirdPartyAsync("nats-server", "nats-server.sh", "any", "put a nats-server 2.10 or newer on PATH", cancellationToken),
        FleetProgram.Podman => ThirdPartyAsync("podman", "podman.sh", null, "install it (Debian: apt-get install podman runc netavark aardvark-dns)", cancellationToken),
        FleetProgram.Operator => Task.FromResult(Own("Harmony.Fleet.Operator")),
        FleetProgram.LoadTest => Task.FromResult(Own("Harmony.Fleet.LoadTest")),
        FleetProgram.Agent => Task.FromResult(agent is null ? Own("Harmony.Fleet.Agent") : Told(agent)),
        _ => throw new ArgumentOutOfRangeException(nameof(program), program, "There is no such program."),
    };

    /// <summary>Folders of programs lie side by side; a development build has one more level, the configuration's, and so have programs that were compiled ahead of time.</summary>
    private Outcome<string> Own(string name)
    {
        var here = new DirectoryInfo(Path.TrimEndingDirectorySeparator(baseFolder));
        string[] candidates =
        [
            Path.Combine(here.FullName, name),
            Path.Combine(here.Parent?.FullName ?? "/", name, name),
            Path.Combine(here.Parent?.Parent?.FullName ?? "/", name, here.Name, name),
            Path.Combine(here.Parent?.Parent?.FullName ?? "/", name, name),
        ];
        return Array.Find(candidates, File.Exists) is { } path
            ? path
            : Fault.Permanent($"{name} is not beside this program ({here.FullName})", "build all of it: call the launcher, fleet, at the top of the repository, or dotnet build -c Release");
    }

    private static Outcome<string> Told(string agent) => File.Exists(agent) && (File.GetUnixFileMode(agent) & Executable) != UnixFileMode.None
        ? agent
        : Fault.Invalid($"{AgentVariable} names {agent}, which is no program", "name one that can be run, or unset it");

    private async Task<Outcome<string>> ThirdPartyAsync(string name, string script, string? argument, string advice, CancellationToken cancellationToken)
    {
        if (home is not null && Path.Combine(home, "eng", script) is var path && File.Exists(path))
        {
            return await SetupScript.PathAsync(path, argument, say, cancellationToken);
        }

        return OnPath(name) is { } installed ? installed : Fault.Permanent($"{name} is missing on this machine", advice);
    }

    private static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/local/sbin", "/usr/sbin"])
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
