using System.Collections.Immutable;
using System.Diagnostics;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Adapters.Podman.Service;

/// <summary>Calls podman's own program for one layout.</summary>
internal sealed class PodmanCommand(PodmanLayout layout, string podman)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

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

    /// <summary>Its environment beyond this process's own.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Environment =>
    [
        new("CONTAINERS_CONF", layout.ContainersConf),
        new("CONTAINERS_REGISTRIES_CONF", layout.RegistriesConf),
    ];

    /// <summary>Runs one of its commands to the end.</summary>
    public Task<RuntimeResult<Done>> RunAsync(ImmutableArray<string> arguments, CancellationToken cancellationToken) =>
        RunAsync([.. Words, .. arguments], Environment, cancellationToken);

    /// <summary>Runs a program to its end.</summary>
    public static async Task<RuntimeResult<Done>> RunAsync(
        ImmutableArray<string> words, ImmutableArray<KeyValuePair<string, string>> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(words[0]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var word in words[1..])
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ended.CancelAfter(Timeout);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ended.Token);
            var error = await process.StandardError.ReadToEndAsync(ended.Token).ConfigureAwait(false);
            await output.ConfigureAwait(false);
            await process.WaitForExitAsync(ended.Token).ConfigureAwait(false);
            return process.ExitCode == 0
                ? default(Done)
                : new RuntimeFailure(RuntimeFailureKind.Transient, $"{Path.GetFileName(words[0])} failed: {Failures.OneLine(error)}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return new RuntimeFailure(RuntimeFailureKind.Unavailable, $"{Path.GetFileName(words[0])} did not end within {Timeout.TotalMinutes:0} min");
        }
    }
}
