using System.Collections.Immutable;
using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;
using Harmony.Fleet.Contracts.Texts;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>Calls podman's own program for one layout.</summary>
internal sealed class PodmanCommand(PodmanLayout layout, string podman)
{
    /// <summary>The longest that a command takes that does not wait for containers.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private const int MaxMessage = 512;

    private const int MaxInterruptions = 20;

    /// <summary>Exit codes of what was ended by SIGHUP, SIGINT or SIGTERM.</summary>
    private static readonly int[] Interruptions = [129, 130, 143];

    /// <summary>The folder that the layout belongs to.</summary>
    public string Folder => layout.Folder;

    /// <summary>Podman and the options that lead it to the layout.</summary>
    public ImmutableArray<string> Words =>
    [
        podman,
        "--root", layout.StorageFolder,
        "--runroot", layout.RunFolder,
        "--tmpdir", layout.TemporaryFolder,
        "--network-config-dir", layout.NetworksFolder,
        "--log-level", "warn",
    ];

    /// <summary>Its environment beyond this process's own. Without a UTF-8 locale conmon fails over what is not ASCII, a volume's path for example.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Environment =>
    [
        new("CONTAINERS_CONF", layout.ContainersConf),
        new("CONTAINERS_REGISTRIES_CONF", layout.RegistriesConf),
        new("LC_ALL", "C.UTF-8"),
    ];

    /// <summary>The command for <paramref name="layout"/>; null where podman was never set up there, works no more since it was moved, or is not installed.</summary>
    public static PodmanCommand? For(PodmanLayout layout) =>
        layout.MovedFrom is null && Directory.Exists(layout.StorageFolder) && InstalledPrograms.Find("podman") is { } podman ? new PodmanCommand(layout, podman) : null;

    /// <summary>What a program said, on one line and without control characters.</summary>
    public static string OneLine(string text) => Printable.Line(string.Concat(text.Trim().Take(MaxMessage)).Trim());

    /// <summary>Runs one of its commands to the end.</summary>
    /// <returns>What it printed.</returns>
    public Task<Outcome<string>> RunAsync(ImmutableArray<string> arguments, CancellationToken cancellationToken) => RunAsync(arguments, Timeout, cancellationToken);

    /// <summary>Runs one of its commands, which ends within <paramref name="limit"/> or is ended.</summary>
    /// <returns>What it printed.</returns>
    public Task<Outcome<string>> RunAsync(ImmutableArray<string> arguments, TimeSpan limit, CancellationToken cancellationToken) =>
        RunAsync([.. Words, .. arguments], Environment, limit, cancellationToken);

    /// <summary>Runs a program, which ends within <paramref name="limit"/> or is ended.</summary>
    /// <returns>What it printed.</returns>
    public static Task<Outcome<string>> RunAsync(
        ImmutableArray<string> words, ImmutableArray<KeyValuePair<string, string>> environment, TimeSpan limit, CancellationToken cancellationToken) =>
        RunAsync(words, environment, limit, string.Empty, cancellationToken);

    /// <summary>Runs a program that is told <paramref name="input"/>, and ends within <paramref name="limit"/> or is ended.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<Outcome<string>> RunAsync(
        ImmutableArray<string> words, ImmutableArray<KeyValuePair<string, string>> environment, TimeSpan limit, string input, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(words[0]);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ended.CancelAfter(limit);
        try
        {
            // In a session of its own, out of reach of the terminal's Ctrl-C; in a folder that is there: the caller's may have been deleted meanwhile.
            var command = Cli.Wrap("setsid")
                .WithArguments(words)
                .WithWorkingDirectory("/")
                .WithEnvironmentVariables(environment.ToDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal))
                .WithStandardInputPipe(PipeSource.FromString(input))
                .WithValidation(CommandResultValidation.None);
            var result = await command.ExecuteBufferedAsync(ended.Token).ConfigureAwait(false);

            // A Ctrl-C that came before it was in its own session was not meant for it.
            for (var again = 0; again < MaxInterruptions && Interruptions.Contains(result.ExitCode); again++)
            {
                result = await command.ExecuteBufferedAsync(ended.Token).ConfigureAwait(false);
            }

            return result.IsSuccess ? result.StandardOutput : new Fault(FaultKind.Transient, $"{name} failed: {OneLine(result.StandardError)}");
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new Fault(FaultKind.Unreachable, $"{name} did not end within {limit.TotalMinutes:0.#} min");
        }
        catch (Win32Exception exception)
        {
            return new Fault(FaultKind.Permanent, $"{name} cannot be run: {exception.Message}");
        }
    }
}
