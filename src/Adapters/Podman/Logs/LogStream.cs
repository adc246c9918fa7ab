using System.Runtime.CompilerServices;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Adapters.Podman.Json;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Adapters.Podman.Logs;

/// <summary>Reads a container's log.</summary>
internal sealed class LogStream(PodmanHttp http, PodmanOptions options, TimeProvider time)
{
    /// <summary>See <see cref="IContainerRuntime.LogsAsync"/>.</summary>
    public async IAsyncEnumerable<LogChunk> ReadAsync(
        string container, int tail, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"containers/{Uri.EscapeDataString(container)}";
        var inspected = await http.GetAsync($"{path}/json", PodmanJson.Default.InspectDocument, cancellationToken).ConfigureAwait(false);
        if (!inspected.IsOk)
        {
            throw new ContainerRuntimeException(inspected.Fault);
        }

        // The status of a followed log comes only with its first line, so that it cannot be waited for with a limit.
        var query = $"{path}/logs?stdout=true&stderr=true&follow={(follow ? "true" : "false")}&tail={Math.Max(0, tail)}";
        using var response = await http
            .OpenAsync(query, follow ? Timeout.InfiniteTimeSpan : options.CallTimeout, cancellationToken)
            .ConfigureAwait(false);
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var frames = new LogFrames(body, isPlain: inspected.Value.Config?.Tty ?? false);
        while (await NextAsync(frames, follow, cancellationToken).ConfigureAwait(false) is { } chunk)
        {
            yield return chunk;
        }
    }

    private async ValueTask<LogChunk?> NextAsync(LogFrames frames, bool follow, CancellationToken cancellationToken)
    {
        using var ended = new CancellationTokenSource(follow ? Timeout.InfiniteTimeSpan : options.CallTimeout, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, cancellationToken);
        try
        {
            return await frames.NextAsync(limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException hung) when (!cancellationToken.IsCancellationRequested)
        {
            throw Broken($"podman sent nothing for {options.CallTimeout.TotalSeconds:0.#} s", hung);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or InvalidDataException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Broken(broken.Message, broken);
        }
    }

    private static ContainerRuntimeException Broken(string reason, Exception cause) =>
        new(new(FaultKind.Unreachable, "the log broke off: " + Failures.OneLine(reason)), cause);
}
