using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Harmony.Fleet.Adapters.Podman.Containers;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Adapters.Podman.Json;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Adapters.Podman.Events;

/// <summary>Follows what happens to containers.</summary>
internal sealed class EventStream(PodmanHttp http)
{
    /// <summary>What changes a container; the rest (commands run in it, health checks, mounts) would only wake the reader for nothing.</summary>
    private static readonly FrozenSet<string> Changes = FrozenSet.Create(
        StringComparer.Ordinal,
        "create", "start", "restart", "died", "die", "stop", "kill", "pause", "unpause", "remove", "rename", "update", "restore");

    /// <summary>See <see cref="IContainerRuntime.EventsAsync"/>.</summary>
    public async IAsyncEnumerable<string> ReadAsync(string label, string value, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The answer begins with the first event, whenever that is: see before that podman lives.
        var alive = await http.GetAsync("info", PodmanJson.Default.ServiceInfo, cancellationToken).ConfigureAwait(false);
        if (!alive.IsOk)
        {
            throw new ContainerRuntimeException(alive.Fault);
        }

        using var response = await http
            .OpenAsync($"events?stream=true&filters={Filters.OfEvents(label, value)}", Timeout.InfiniteTimeSpan, cancellationToken)
            .ConfigureAwait(false);
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var lines = CappedReading.LinesAsync(body, ResponseLimits.LineBytes, long.MaxValue, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (lines.ConfigureAwait(false))
        {
            while (await MoveNextAsync(lines, cancellationToken).ConfigureAwait(false))
            {
                if (NameOf(lines.Current) is { Length: > 0 } name)
                {
                    yield return name;
                }
            }
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            // Podman went away: the stream ends, as the port says.
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
        catch (InvalidDataException broken)
        {
            throw Unreadable(broken);
        }
    }

    private static string? NameOf(ReadOnlyMemory<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line.Span, PodmanJson.Default.EventDocument) is { Action: { } action, Actor.Attributes: { } attributes }
                && Changes.Contains(action)
                    ? attributes.GetValueOrDefault("name")
                    : null;
        }
        catch (JsonException broken)
        {
            throw Unreadable(broken);
        }
    }

    private static ContainerRuntimeException Unreadable(Exception broken) =>
        new(new(FaultKind.Unreachable, "podman's events cannot be read: " + Failures.OneLine(broken.Message)), broken);
}
