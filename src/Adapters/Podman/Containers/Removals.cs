using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Adapters.Podman.Json;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Adapters.Podman.Containers;

/// <summary>What became of a removal: podman answers 200 also where it failed, and tells so in the body.</summary>
internal static class Removals
{
    /// <summary>Reads a successful answer to a removal.</summary>
    public static Outcome<Done> Read(Answer answer)
    {
        if (answer.Body.IsEmpty)
        {
            return default(Done);
        }

        var removed = answer.Read(PodmanJson.Default.ListRemovedDocument);
        return !removed.IsOk ? removed.Fault
            : removed.Value.Select(one => one?.Err).FirstOrDefault(error => error is { Length: > 0 }) is { } error
                ? new Fault(FaultKind.Transient, "the container cannot be removed: " + Failures.OneLine(error))
                : default(Done);
    }
}
