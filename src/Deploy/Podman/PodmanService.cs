using System.Collections.Immutable;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>A podman of one's own, apart from the machine's: a virtual device's.</summary>
public sealed record PodmanServiceOptions
{
    /// <summary>The folder that holds its images, containers, volumes and settings.</summary>
    public required string Folder { get; init; }

    /// <summary>Registries (host and port) that are spoken to without TLS.</summary>
    public ImmutableArray<string> InsecureRegistries { get; init; } = [];

    /// <summary>The longest wait until it answers.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>A podman of one's own in a folder, with its API service as a process, which ends when this one does. Stopping the service leaves its containers running.</summary>
public sealed class PodmanService : IChild, IAsyncDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan OldOneEnds = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(10);

    private readonly LastingProcess process;
    private readonly TimeProvider time;

    private PodmanService(PodmanLayout layout, LastingProcess process, TimeProvider time)
    {
        Layout = layout;
        this.process = process;
        this.time = time;
    }

    /// <summary>Where it keeps what.</summary>
    public PodmanLayout Layout { get; }

    /// <summary>The socket on which it answers.</summary>
    public string SocketPath => Layout.SocketPath;

    /// <summary>The number of its process.</summary>
    public int ProcessId => process.ProcessId;

    /// <summary>Its exit code, when the service has ended, whyever.</summary>
    public Task<int> Exited => process.Exited;

    /// <summary>Starts it, and waits until it answers.</summary>
    /// <returns>The running service; Conflict where one runs for the folder already.</returns>
    public static async Task<Outcome<PodmanService>> StartAsync(PodmanServiceOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await StartAsync(PodmanLayout.For(options.Folder), options, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return new Fault(FaultKind.Permanent, $"podman cannot be set up in {options.Folder}: {failed.Message}");
        }
    }

    /// <summary>Stops the service. Its containers go on.</summary>
    public async Task StopAsync()
    {
        await process.StopAsync().ConfigureAwait(false);
        if (PodmanProcesses.IsServiceOrphaned(Layout))
        {
            await PodmanProcesses.EndServiceAsync(Layout, time).ConfigureAwait(false);
        }

        if (File.Exists(SocketPath))
        {
            File.Delete(SocketPath); // One that was stopped while it started leaves it.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private static async Task<Outcome<PodmanService>> StartAsync(PodmanLayout layout, PodmanServiceOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (layout.MovedFrom is { } origin)
        {
            return new Fault(FaultKind.Permanent, $"{layout.Folder} is a copy of {origin}, or was moved from there, and what podman keeps works only there");
        }

        if (InstalledPrograms.Find("podman") is not { } podman)
        {
            return new Fault(FaultKind.Permanent, "podman is not installed: install it (Debian: apt-get install podman)");
        }

        if (await IsTakenAsync(layout, time, cancellationToken).ConfigureAwait(false))
        {
            return new Fault(FaultKind.Conflict, $"a podman service for {layout.Folder} runs already (its socket is {layout.SocketPath})");
        }

        Prepare(layout, options);
        var command = new PodmanCommand(layout, podman);
        if (Directory.Exists(layout.RunFolder))
        {
            // It has run since the machine was started, and may have been killed.
            await PodmanStop.SettleAsync(layout, command, isEnding: false, cancellationToken).ConfigureAwait(false);
        }

        var spec = new ProcessSpec
        {
            Name = "podman",
            Program = podman,
            Arguments = [.. command.Words[1..], "system", "service", "--time=0", "unix://" + layout.SocketPath],
            Environment = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, command.Environment),
            LogFile = layout.LogFile,
            Grace = StopGrace,
        };
        var started = await LastingProcess.StartAsync(spec, Signal.Terminate, time).ConfigureAwait(false);
        var service = new PodmanService(layout, started, time);
        return await service.AnswersAsync(options.StartTimeout, cancellationToken).ConfigureAwait(false) is { } failure ? failure : service;
    }

    /// <summary>Writes folders and settings.</summary>
    private static void Prepare(PodmanLayout layout, PodmanServiceOptions options)
    {
        Directory.CreateDirectory(layout.Folder);
        layout.Places.Keep(layout.Folder);
        layout.Places.Make(layout.Folder);
        Directory.CreateDirectory(layout.NetworksFolder);
        File.WriteAllText(layout.ContainersConf, PodmanFiles.ContainersConf(MachineTraits.Detect(), layout.Network));
        File.WriteAllBytes(layout.NetworkFile, layout.Network.ToBytes());
        File.WriteAllText(layout.RegistriesConf, PodmanFiles.RegistriesConf(options.InsecureRegistries));
        File.Delete(layout.SocketPath);
    }

    /// <summary>Whether another service holds the folder; one whose parent just died gets a moment to end.</summary>
    private static async Task<bool> IsTakenAsync(PodmanLayout layout, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (File.Exists(layout.SocketPath) && await ProbeAsync(layout, time, cancellationToken).ConfigureAwait(false) is null)
        {
            if (time.GetElapsedTime(began) > OldOneEnds)
            {
                if (!PodmanProcesses.IsServiceOrphaned(layout))
                {
                    return true;
                }

                await PodmanProcesses.EndServiceAsync(layout, time).ConfigureAwait(false);
            }

            await Task.Delay(Poll, time, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    private static async Task<Fault?> ProbeAsync(PodmanLayout layout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var runtime = new PodmanRuntime(new PodmanOptions { SocketPath = layout.SocketPath, CallTimeout = ProbeTimeout }, time);
        return (await runtime.InfoAsync(cancellationToken).ConfigureAwait(false)).Fault;
    }

    private async Task<Fault?> AnswersAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            while (await ProbeAsync(Layout, time, cancellationToken).ConfigureAwait(false) is { } failure)
            {
                if (process.Exited.IsCompleted)
                {
                    return new Fault(FaultKind.Permanent, $"podman's service ended at once: {LastWords()}");
                }

                if (failure.Kind == FaultKind.Permanent || time.GetElapsedTime(began) > timeout)
                {
                    await StopAsync().ConfigureAwait(false);
                    return failure with { What = $"podman's service does not answer: {failure.What}; {LastWords()}" };
                }

                await Task.Delay(Poll, time, cancellationToken).ConfigureAwait(false);
            }

            return null;
        }
        catch (OperationCanceledException)
        {
            await StopAsync().ConfigureAwait(false);
            throw;
        }
    }

    private string LastWords() => process.LastWords() is { Length: > 0 } lines ? PodmanCommand.OneLine(string.Join("; ", lines)) : "it said nothing";
}
